package bank.platform.events;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.TestServices;
import bank.testing.ExpectedLog;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.testing.TopicReader;
import bank.v1.DocumentStatusChanged;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Messages of others that the database or Kafka would not take as they are.
class UnstorableEventsIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog(
            "is a dead letter of test.documents",
            "whose handler is not told",
            "can be neither worked nor held",
            "ERROR EventConsumer unexpected failure of the consumer test.documents");

    private static final String CONSUMER = "test.documents";
    private static final String TOPIC = "document.status";
    // No compression makes it fit into an index.
    private static final String LONG = new Random(1)
            .ints(3_000, 0, 36)
            .mapToObj(n -> Integer.toString(n, 36))
            .collect(Collectors.joining());

    private volatile boolean failing;
    private EventScene scene;
    private Events events;
    private KafkaProducer<String, byte[]> producer;

    @BeforeEach
    void start() {
        scene = new EventScene(postgres, kafka, new RetrySchedule(List.of(Duration.ofMillis(10))), Clock.systemUTC());
        events = scene.instance();
        events.consume(Subscription.of(CONSUMER).on(DocumentStatusChanged.getDefaultInstance(), (event, context) -> {
            if (failing) {
                throw new IllegalStateException("expected");
            }
            return tx -> tx.sql()
                    .execute(
                            "INSERT INTO effect (key, version) VALUES (?, ?)",
                            Long.toString(event.getDocumentId()),
                            context.version());
        }));
        events.start();
        producer = new KafkaClients(TestServices.kafka(kafka.bootstrapServers(), scene.prefix), "test").producer();
        // Makes the topic.
        scene.publish(events, 1, 1);
        scene.awaitEffects(1, 1L);
    }

    @AfterEach
    void stop() {
        producer.close();
        scene.close();
    }

    private static String event(long document, String id, String source, String actor) {
        return """
                {"specversion":"1.0","id":"%s","source":"%s","type":"bank.v1.DocumentStatusChanged","aggregateversion":"1",
                "data":{"document_id":"%d","actor":"%s"}}""".formatted(id, source, document, actor);
    }

    private void send(String key, String value, String... header) throws Exception {
        var message = new ProducerRecord<>(scene.prefix + TOPIC, 0, key, value.getBytes(StandardCharsets.UTF_8));
        message.headers().add("content-type", CloudEventJson.CONTENT_TYPE.getBytes(StandardCharsets.UTF_8));
        for (var i = 0; i < header.length; i += 2) {
            message.headers().add(header[i], header[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        producer.send(message).get();
    }

    private boolean replay(long id) {
        return scene.database.inTransaction(tx -> events.deadLetters().replay(tx, id));
    }

    private List<DeadLetter> deadLetters() {
        return scene.database.read(session -> events.deadLetters().list(session, Long.MAX_VALUE, 50));
    }

    @Test
    void keysAndHeadersThatCannotBeKeptStopNothing() throws Exception {
        failing = true;
        send("a\0b", event(2, "2", "/other", "x"));
        send(LONG, event(3, "3", "/other", "x"));
        send("4", event(4, "4", "/other", "x"), "trace\0", "a\0b");
        EventScene.eventually("three are parked", () -> deadLetters().size() == 3);
        assertThat(deadLetters())
                .extracting(DeadLetter::key)
                .containsExactly("4", "document.status/0/" + offset(3), "document.status/0/" + offset(2));

        failing = false;
        for (var letter : deadLetters()) {
            assertThat(replay(letter.id())).isTrue();
        }
        for (var document = 2; document <= 4; document++) {
            scene.awaitEffects(document, 1L);
        }
        EventScene.eventually("nothing is held", () -> scene.count("event_held") == 0);
    }

    private long offset(long document) {
        return deadLetters().stream()
                .filter(letter -> letter.content().contains("\"document_id\":\"" + document + "\""))
                .findFirst()
                .orElseThrow()
                .offset();
    }

    @Test
    void idsAndSourcesThatCannotBeKeptAreNoEvents() throws Exception {
        send("2", event(2, "a\\u0000b", "/other", "x"));
        send("3", event(3, LONG, "/other", "x"));
        send("4", event(4, "4", "/" + LONG, "x"));
        send("5", """
                {"specversion":"1.0","id":"5","source":"/other","type":"a\\u0000b"}""");
        send("6", event(6, "6", "/other", "x").replace("\"1\",", "\"x\","));
        send("7", event(7, "7", "/other", "x"));

        scene.awaitEffects(7, 1L);
        EventScene.eventually("five are parked", () -> deadLetters().size() == 5);
        assertThat(deadLetters().reversed())
                .extracting(DeadLetter::reason)
                .containsExactly(
                        "its id or source cannot be kept",
                        "its id or source cannot be kept",
                        "its id or source cannot be kept",
                        "an event of the type a\uFFFDb",
                        "aggregateversion is no number");
        assertThat(deadLetters().getLast().eventId()).startsWith("document.status/0/");
    }

    @Test
    void longEventsAreHeldAndTriedAgainThoughTheirMessagesComeWithoutThem() throws Exception {
        var actor = "x".repeat(950_000);
        failing = true;
        send("2", event(2, "2", "/other", actor));
        send("2", event(2, "3", "/other", actor));
        EventScene.eventually("it is parked", () -> deadLetters().size() == 1);
        EventScene.eventually("the other waits", () -> scene.count("event_waiting") == 1);
        assertThat(deadLetters().getFirst().content()).contains(actor);
        try (var reader = new TopicReader(kafka.bootstrapServers(), scene.prefix + CONSUMER + ".dead-letter")) {
            var message = reader.first(1).getFirst();
            assertThat(message.value()).isEmpty();
            assertThat(message.headers().lastHeader("retry-topic").value())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(TOPIC);
        }

        failing = false;
        var id = deadLetters().getFirst().id();
        assertThat(replay(id)).isTrue();
        scene.awaitEffects(2, 1L, 1L);
        EventScene.eventually("nothing is held", () -> scene.count("event_held") == 0);
    }

    @Test
    void whatCanBeNeitherWorkedNorHeldIsSkippedWhenThatIsDueToItsDataAlone() {
        refuse("55000");
        failing = true;
        scene.publish(events, 2, 1);
        EventScene.eventually(
                "it is tried again and again",
                () -> log.lines().stream().anyMatch(line -> line.contains("unexpected failure of the consumer")));
        scene.database.inTransaction(tx -> tx.sql().execute("DROP TRIGGER refuse ON event_held"));
        EventScene.eventually("it is parked", () -> deadLetters().size() == 1);

        refuse("22021");
        scene.publish(events, 3, 1);
        EventScene.eventually(
                "it is skipped",
                () -> log.lines().stream().anyMatch(line -> line.startsWith("ERROR Inbox event at document.status/")));
        failing = false;
        scene.publish(events, 3, 2);
        scene.awaitEffects(3, 2L);
    }

    private void refuse(String state) {
        scene.database.inTransaction(tx -> tx.sql().execute("""
                CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'expected' USING ERRCODE = '%s'; END $$""".formatted(state)));
        scene.database.inTransaction(tx -> tx.sql()
                .execute("CREATE TRIGGER refuse BEFORE INSERT ON event_held FOR EACH ROW EXECUTE FUNCTION refuse()"));
    }
}
