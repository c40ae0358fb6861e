package bank.standalone;

import bank.identity.Command;
import bank.platform.maintenance.DeadLetterCommand;
import bank.platform.maintenance.DeadLetterCommand.Listing;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What the command line asks for.
sealed interface CommandLine {

    /// The text of `--help`.
    String HELP = """
            Usage: ./bank up [--port N] [--data DIR] [--demo] [--reset-admin]

            Starts the whole platform in one JVM, with a PostgreSQL, a Kafka and an S3 server of its
            own, on 127.0.0.1 only, and prints `ready http://127.0.0.1:N` when it answers.
            Ctrl-C or SIGTERM stops it; the exit code is then 0.

              --port N       port of the edge, 1 to 65535 (default 8080)
              --data DIR     directory for everything kept between runs (default .bank)
              --demo         for trying it out only: create, once,
                               client@demo.test, client2@demo.test, employee@demo.test,
                               admin@demo.test     with the password demo-Passw0rd-2026
                               abs-integration     with the secret demo-secret-2026 and the
                                                   scopes documents:read, documents:process
                             and let new users choose the commonest passwords and the
                             registries' sample identifiers
              --reset-admin  give the administrator admin@bank.local a new password, end his
                             sessions, and print the password once
              --help         print this text

                   ./bank audit verify …   the audit log of what is in the data directory, and the keys
                   ./bank keys …           that sign access tokens; each says more by --help
                   ./bank events …         prints events as they flow; says more by --help
                   ./bank dead-letters …   events that could not be consumed; says more by --help

            Settings of the services, BANK_EDGE_… and so on, are taken from the environment:
            see docs/operating.md.

            Without --demo the first start creates an administrator and prints his password once.
            Several instances run side by side when each has its own --port and --data.""";

    /// The text of `events --help`.
    String EVENTS_HELP = """
            Usage: ./bank events [--topic NAME]… [--from-beginning] [--json] [--data DIR]

            Prints events as they flow in the running bank, a line for each: time (UTC), topic,
            key, version, and what it says. Ctrl-C ends it.

              --topic NAME      print this topic only, e.g. document.status; several times for
                                several (default all, retries and dead letters too)
              --from-beginning  begin with the oldest event that is kept (default: from now on)
              --json            print each as an object: topic, partition, offset, key, event
              --data DIR        data directory of the bank (default .bank)
              --help            print this text

            BANK_EVENTS_KAFKA_BOOTSTRAP_SERVERS and so on name another Kafka: see docs/operating.md.
            Colours are for terminals, unless NO_COLOR is set.""";

    /// The text of `dead-letters --help`.
    String DEAD_LETTERS_HELP = """
            Usage: ./bank dead-letters list [--service NAME] [--data DIR]
                   ./bank dead-letters replay|discard ID --service NAME [--data DIR]

            The service is identity, document or registry; of a list without it, all of these.

            """ + DeadLetterCommand.HELP;

    /// First words of what is done by identity-service's own commands.
    Set<String> MAINTENANCE = Set.of("audit", "keys");

    /// Print the help text.
    record Help() implements CommandLine {}

    /// Start and run until stopped.
    ///
    /// @param port port of the edge, 1 to 65535
    /// @param data directory for everything kept between runs, absolute
    /// @param demo whether to create the demo users
    /// @param resetAdmin whether to give the administrator a new password
    record Up(int port, Path data, boolean demo, boolean resetAdmin) implements CommandLine {}

    /// Do something to the database of identity-service.
    ///
    /// @param data directory for everything kept between runs, absolute
    /// @param command what to do
    record Maintain(Path data, Command command) implements CommandLine {}

    /// Print the help text of `events`.
    record EventsHelp() implements CommandLine {}

    /// Print events.
    ///
    /// @param data directory of the bank, absolute
    /// @param topics names of the topics; none for all
    /// @param fromBeginning begin with the oldest event
    /// @param json print JSON
    record Events(Path data, Set<String> topics, boolean fromBeginning, boolean json) implements CommandLine {}

    /// Do something about dead letters.
    ///
    /// @param data directory of the bank, absolute
    /// @param services names of the services whose they are
    /// @param words what to do
    record Letters(Path data, List<String> services, DeadLetterCommand words) implements CommandLine {}

    /// The command line can't be understood; the message is one line.
    final class UsageException extends Exception {
        UsageException(String message) {
            super(message);
        }
    }

    /// Reads the arguments; of an option given twice the last one counts.
    ///
    /// @throws UsageException naming the argument that is wrong
    static CommandLine parse(List<String> arguments) throws UsageException {
        if (!arguments.isEmpty() && MAINTENANCE.contains(arguments.getFirst())) {
            return maintain(arguments);
        }
        if (!arguments.isEmpty() && arguments.getFirst().equals("events")) {
            return events(arguments.subList(1, arguments.size()));
        }
        if (!arguments.isEmpty() && arguments.getFirst().equals(DeadLetterCommand.NAME)) {
            return letters(arguments);
        }
        var port = 8080;
        var data = Path.of(".bank");
        var demo = false;
        var resetAdmin = false;
        for (var rest = arguments.iterator(); rest.hasNext(); ) {
            var option = rest.next();
            switch (option) {
                case "--help", "-h" -> {
                    return new Help();
                }
                case "--port" -> port = port(value(option, rest));
                case "--data" -> data = directory(value(option, rest));
                case "--demo" -> demo = true;
                case "--reset-admin" -> resetAdmin = true;
                default -> throw new UsageException("unknown option " + option);
            }
        }
        return new Up(port, data.toAbsolutePath().normalize(), demo, resetAdmin);
    }

    private static CommandLine events(List<String> arguments) throws UsageException {
        var data = Path.of(".bank");
        var topics = new TreeSet<String>();
        var fromBeginning = false;
        var json = false;
        for (var rest = arguments.iterator(); rest.hasNext(); ) {
            var option = rest.next();
            switch (option) {
                case "--help", "-h" -> {
                    return new EventsHelp();
                }
                case "--topic" -> topics.add(value(option, rest));
                case "--from-beginning" -> fromBeginning = true;
                case "--json" -> json = true;
                case "--data" -> data = directory(value(option, rest));
                default -> throw new UsageException("unknown option " + option + " of events");
            }
        }
        return new Events(data.toAbsolutePath().normalize(), topics, fromBeginning, json);
    }

    private static CommandLine letters(List<String> arguments) throws UsageException {
        var data = Path.of(".bank");
        var services = DeadLettersCommand.SERVICES;
        var words = new ArrayList<String>();
        for (var rest = arguments.iterator(); rest.hasNext(); ) {
            var word = rest.next();
            switch (word) {
                case "--data" -> data = directory(value(word, rest));
                case "--service" -> services = List.of(value(word, rest));
                default -> words.add(word);
            }
        }
        if (!DeadLettersCommand.SERVICES.containsAll(services)) {
            throw new UsageException("--service must be one of " + String.join(", ", DeadLettersCommand.SERVICES)
                    + ", is " + services.getFirst());
        }
        try {
            var command = DeadLetterCommand.parse(words);
            if (services.size() > 1 && !(command instanceof Listing || command instanceof DeadLetterCommand.Help)) {
                throw new UsageException("--service must say whose dead letter it is");
            }
            return new Letters(data.toAbsolutePath().normalize(), services, command);
        } catch (DeadLetterCommand.UsageException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static CommandLine maintain(List<String> arguments) throws UsageException {
        var data = Path.of(".bank");
        var words = new ArrayList<String>();
        for (var rest = arguments.iterator(); rest.hasNext(); ) {
            var word = rest.next();
            if (word.equals("--data")) {
                data = directory(value(word, rest));
            } else {
                words.add(word);
            }
        }
        try {
            return new Maintain(data.toAbsolutePath().normalize(), Command.parse(words));
        } catch (Command.UsageException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static String value(String option, Iterator<String> rest) throws UsageException {
        if (!rest.hasNext()) {
            throw new UsageException(option + " needs a value");
        }
        return rest.next();
    }

    private static int port(String value) throws UsageException {
        try {
            var port = Integer.parseInt(value);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            throw badPort(value);
        }
        throw badPort(value);
    }

    private static UsageException badPort(String value) {
        return new UsageException("--port must be a number from 1 to 65535, is " + value);
    }

    private static Path directory(String value) throws UsageException {
        try {
            if (!value.isBlank()) {
                return Path.of(value);
            }
        } catch (InvalidPathException e) {
            throw new UsageException("--data is no path this system can name: " + e.getReason());
        }
        throw new UsageException("--data must name a directory");
    }
}
