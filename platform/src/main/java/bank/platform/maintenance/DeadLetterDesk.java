package bank.platform.maintenance;

import bank.platform.Launcher;
import bank.platform.config.InvalidSettingsException;
import bank.platform.config.KafkaConfig;
import bank.platform.config.ServiceConfig;
import bank.platform.config.ServiceConfig.DatabaseConfig;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import bank.platform.events.DeadLetter;
import bank.platform.events.DeadLetters;
import bank.platform.events.EventType;
import bank.platform.events.Events;
import bank.platform.events.RetrySchedule;
import bank.platform.maintenance.DeadLetterCommand.UsageException;
import bank.platform.telemetry.Logging;
import bank.v1.ActivityLogged;
import bank.v1.Options;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Does what operators want done about the dead letters of a service. What is tried again is published by the
/// service, soon when it runs, else when it does.
public final class DeadLetterDesk {
    /// It is done.
    public static final int DONE = 0;
    /// There is no such dead letter.
    public static final int NOT_THERE = 1;
    /// It could not be done.
    public static final int FAILED = 2;

    /// Topics whose keys are numbers that the bank gave; other keys may be somebody's own.
    private static final Set<String> NUMBERED = ActivityLogged.getDescriptor().getFile().getMessageTypes().stream()
            .filter(message -> message.getOptions().hasExtension(Options.event))
            .map(EventType::of)
            .filter(type -> type.key().getJavaType() == JavaType.LONG)
            .map(EventType::topic)
            .collect(Collectors.toSet());

    private static final String HIDDEN = "…";
    private static final int PAGE = 200;

    private final Database database;
    private final DeadLetters letters;
    private final PrintStream out;

    /// The stores of a service.
    ///
    /// @param service its name, e.g. `registry`
    /// @param kafka is not asked for anything
    public record Stores(String service, DatabaseConfig database, KafkaConfig kafka) {
        /// Those of its settings.
        public static Stores of(String service, ServiceConfig config) {
            return new Stores(service, config.database(), config.kafka());
        }
    }

    private DeadLetterDesk(Database database, DeadLetters letters, PrintStream out) {
        this.database = database;
        this.letters = letters;
        this.out = out;
    }

    /// Does what the words on the command line of a service say.
    ///
    /// @param stores read when they are needed
    /// @return exit code for the process
    public static int run(List<String> words, Supplier<Stores> stores, PrintStream out, PrintStream err) {
        try {
            var command = DeadLetterCommand.parse(words);
            Logging.warningsAlone();
            if (command instanceof DeadLetterCommand.Help) {
                out.println(DeadLetterCommand.HELP);
                return DONE;
            }
            return run(command, stores, out, err);
        } catch (UsageException e) {
            err.println(e.getMessage() + " (see --help)");
            return FAILED;
        }
    }

    /// Does what a command says.
    ///
    /// @param stores read when they are needed
    /// @param out where it tells what it found or did
    /// @param err where it tells what keeps it from that
    /// @return exit code for the process
    public static int run(DeadLetterCommand command, Supplier<Stores> stores, PrintStream out, PrintStream err) {
        try {
            var its = stores.get();
            try (var database = Database.open(its.database(), its.service());
                    var events = new Events(
                            database,
                            its.kafka(),
                            its.service() + "-service",
                            RetrySchedule.of(its.kafka()),
                            Clock.systemUTC(),
                            new SimpleMeterRegistry())) {
                return new DeadLetterDesk(database, events.deadLetters(), out).run(command);
            }
        } catch (InvalidSettingsException e) {
            e.problems().forEach(err::println);
        } catch (RuntimeException e) {
            err.println("it could not be done: " + Launcher.causes(e));
        }
        return FAILED;
    }

    private int run(DeadLetterCommand command) {
        return switch (command) {
            case DeadLetterCommand.Help() -> DONE;
            case DeadLetterCommand.Listing() -> list();
            case DeadLetterCommand.Replay(var id) ->
                change(letters::replay, id, "is tried again when the service runs");
            case DeadLetterCommand.Discard(var id) -> change(letters::discard, id, "is given up");
        };
    }

    private int change(BiPredicate<Tx, Long> change, long id, String done) {
        var found = database.inTransaction(tx -> change.test(tx, id));
        out.println(found ? "dead letter " + id + " " + done : "there is no dead letter " + id);
        return found ? DONE : NOT_THERE;
    }

    private int list() {
        var page = page(Long.MAX_VALUE);
        if (page.isEmpty()) {
            out.println("no dead letters");
        }
        while (!page.isEmpty()) {
            page.forEach(letter -> out.println(line(letter)));
            page = page(page.getLast().id());
        }
        return DONE;
    }

    private List<DeadLetter> page(long before) {
        return database.read(session -> letters.list(session, before, PAGE));
    }

    private static String line(DeadLetter letter) {
        var shown = NUMBERED.contains(letter.topic());
        return "%d  %s  %s  key %s  %d tries  since %s  %d waiting  %s"
                .formatted(
                        letter.id(),
                        letter.consumer(),
                        letter.topic(),
                        shown ? letter.key() : HIDDEN,
                        letter.attempts(),
                        letter.heldSince().truncatedTo(ChronoUnit.SECONDS),
                        letter.waiting(),
                        shown || letter.key().isEmpty()
                                ? letter.reason()
                                : letter.reason().replace(letter.key(), HIDDEN));
    }
}
