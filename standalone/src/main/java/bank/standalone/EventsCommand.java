package bank.standalone;

import bank.embedded.EmbeddedKafkaServer;
import bank.embedded.EmbeddedServerException;
import bank.platform.Launcher;
import bank.platform.config.InvalidSettingsException;
import bank.platform.config.KafkaConfig;
import bank.platform.config.Ranges;
import bank.platform.config.Settings;
import bank.platform.events.KafkaClients;
import bank.standalone.CommandLine.Events;
import io.smallrye.config.ConfigMapping;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

/// Prints events as they flow: of all topics, or of some, those that are made meanwhile too.
final class EventsCommand {
    /// Exit code when Kafka cannot be had.
    static final int FAILED = 1;

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LOOK_PAUSE = Duration.ofSeconds(1);
    private static final Duration KAFKA_MAX = Duration.ofSeconds(10);
    private static final String PREFIX = "bank.events.kafka";

    private final Events command;
    private final Map<String, String> environment;
    private final PrintStream out;
    private final EventLine line;
    private final Set<TopicPartition> read = new HashSet<>();

    /// Settings of the command.
    @ConfigMapping(prefix = "bank.events")
    public interface EventsConfig {
        /// Kafka. Default: that of the bank that runs on the data directory.
        KafkaConfig kafka();
    }

    /// @param environment variables `BANK_EVENTS_KAFKA_…` name another Kafka than that of the data directory
    /// @param colour the output is a terminal that shows colours
    EventsCommand(Events command, Map<String, String> environment, PrintStream out, boolean colour) {
        this.command = command;
        this.environment = environment;
        this.out = out;
        this.line = new EventLine(colour);
    }

    /// The terminal shows colours, and its owner wants them (no-color.org).
    // It is null where the JDK makes no console of its own for what is no terminal.
    @SuppressWarnings("SystemConsoleNull")
    static boolean colour(Map<String, String> environment) {
        var console = System.console();
        return console != null
                && console.isTerminal()
                && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /// Prints until the process is stopped, or nobody reads any more.
    ///
    /// @return exit code for the process
    int run(PrintStream err) {
        try {
            var config = kafka();
            var clients = new KafkaClients(config, "bank-events");
            try (var consumer = clients.reader()) {
                follow(clients, consumer, err);
                return 0;
            }
        } catch (InvalidSettingsException e) {
            e.problems().forEach(err::println);
            return 2;
        } catch (EmbeddedServerException e) {
            err.println("bank: " + e.getMessage());
            return FAILED;
        } catch (InterruptException | WakeupException stopping) {
            return 0;
        } catch (KafkaException e) {
            err.println("bank: Kafka does not answer: " + Launcher.causes(e));
            return FAILED;
        }
    }

    private KafkaConfig kafka() {
        var settings = new HashMap<String, String>();
        if (environment.keySet().stream().noneMatch(name -> name.startsWith("BANK_EVENTS_KAFKA_"))) {
            var running = EmbeddedKafkaServer.running(
                            DataDirectory.used(command.data()).kafka())
                    .orElseThrow(() -> new EmbeddedServerException("no bank runs on " + command.data()
                            + ": start one with ./bank up, or name a Kafka in BANK_EVENTS_KAFKA_BOOTSTRAP_SERVERS"));
            settings.put(PREFIX + ".bootstrap-servers", running);
        }
        var config = Settings.of(EventsConfig.class, settings, environment).kafka();
        Ranges.of("bank.events")
                .require(
                        "kafka.bootstrap-servers",
                        config.bootstrapServers().isPresent(),
                        "is missing, though other settings of Kafka are given")
                .kafka("kafka", config)
                .check();
        return config;
    }

    private void follow(KafkaClients clients, KafkaConsumer<String, byte[]> consumer, PrintStream err) {
        var looked = System.nanoTime();
        look(clients, consumer, command.fromBeginning());
        err.println("bank: " + waiting(clients) + "; Ctrl-C ends");
        while (!out.checkError()) {
            if (System.nanoTime() - looked > LOOK_PAUSE.toNanos()) {
                looked = System.nanoTime();
                look(clients, consumer, true);
            }
            if (read.isEmpty()) {
                pause();
                continue;
            }
            for (var message : consumer.poll(POLL)) {
                var topic = bare(clients, message.topic());
                out.println(command.json() ? line.json(topic, message) : line.text(topic, message));
            }
            out.flush();
        }
    }

    private String waiting(KafkaClients clients) {
        var missing = new TreeSet<>(command.topics());
        read.forEach(partition -> missing.remove(bare(clients, partition.topic())));
        return missing.isEmpty() ? "waiting for events" : "waiting for topics " + String.join(", ", missing);
    }

    private static String bare(KafkaClients clients, String topic) {
        return topic.substring(clients.prefixed("").length());
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /// Looks for topics that are not read yet.
    private void look(KafkaClients clients, KafkaConsumer<String, byte[]> consumer, boolean fromBeginning) {
        var prefix = clients.prefixed("");
        var found = consumer.listTopics(KAFKA_MAX).entrySet().stream()
                .filter(topic ->
                        topic.getKey().startsWith(prefix) && !topic.getKey().startsWith("__"))
                .filter(topic -> wanted(bare(clients, topic.getKey())))
                .flatMap(topic -> topic.getValue().stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .filter(partition -> !read.contains(partition))
                .toList();
        if (!found.isEmpty()) {
            begin(consumer, found, fromBeginning);
        }
    }

    private boolean wanted(String topic) {
        return command.topics().isEmpty() || command.topics().contains(topic);
    }

    private void begin(KafkaConsumer<String, byte[]> consumer, List<TopicPartition> found, boolean fromBeginning) {
        Collection<TopicPartition> all = new ArrayList<>(read);
        all.addAll(found);
        // Keeps the places in those that are read already.
        consumer.assign(all);
        if (fromBeginning) {
            consumer.seekToBeginning(found);
        } else {
            consumer.seekToEnd(found);
            // Found now, not when the first message comes.
            found.forEach(partition -> consumer.position(partition, KAFKA_MAX));
        }
        read.addAll(found);
    }
}
