package bank.standalone;

import bank.platform.telemetry.Logging;
import bank.standalone.CommandLine.Events;
import bank.standalone.CommandLine.EventsHelp;
import bank.standalone.CommandLine.Help;
import bank.standalone.CommandLine.Letters;
import bank.standalone.CommandLine.Maintain;
import bank.standalone.CommandLine.Up;
import bank.standalone.CommandLine.UsageException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Starts everything, says where it is, and stops it when asked to.
///
/// Or prints events, or does something to what is stored; the exit code is then that of `Maintenance` or
/// `DeadLetterDesk`.
///
/// Exit codes: 0 after a stop by SIGTERM or Ctrl-C, 1 when it could not start or not stop cleanly, 2 for a command
/// line that can't be understood.
public final class Main {
    private Main() {}

    static void main(String[] arguments) throws InterruptedException {
        try {
            switch (CommandLine.parse(List.of(arguments))) {
                case Help _ -> System.out.println(CommandLine.HELP);
                case Up up -> run(up);
                case EventsHelp _ -> System.out.println(CommandLine.EVENTS_HELP);
                case Events events -> print(events);
                case Letters letters -> {
                    Logging.warningsAlone();
                    System.exit(new DeadLettersCommand(letters).run(System.out, System.err));
                }
                case Maintain(var data, var command) -> {
                    Logging.warningsAlone();
                    System.exit(new DataCommands(data).run(command, System.out, System.err));
                }
            }
        } catch (UsageException e) {
            System.err.println("bank: " + e.getMessage() + " (see --help)");
            System.exit(2);
        }
    }

    private static void print(Events events) {
        Logging.warningsAlone();
        var environment = System.getenv();
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        System.exit(new EventsCommand(events, environment, out, EventsCommand.colour(environment)).run(System.err));
    }

    private static void run(Up up) throws InterruptedException {
        try {
            Standalone.requireFree(up.port());
            var home = DataDirectory.open(up.data());
            // Read by the logging configuration, so both must be set before anything logs.
            System.setProperty("bank.log.directory", home.logs().toString());
            System.setProperty("logback.configurationFile", "bank/standalone/logback.xml");
            Logging.bridge();
            var shutdown = new Shutdown(System.out);
            Runtime.getRuntime().addShutdownHook(new Thread(shutdown::run, "shutdown"));
            shutdown.whileStarting(() -> Standalone.start(up, home, System.getenv(), shutdown.parts(), System.out));
        } catch (RuntimeException e) {
            System.err.println("bank: " + e.getMessage());
            System.exit(1);
        } catch (Error e) {
            // A broken installation: whatever started would otherwise keep this process alive.
            System.err.println("bank: cannot start: " + e);
            System.exit(1);
        }
        Thread.currentThread().join();
    }
}
