package bank.platform.events;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ExpectedLog;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.v1.DocumentStatusChanged;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Events that come more than once have their effect once.
class RedeliveryIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("SQLSTATE(57P01)", "WARN OutboxRelay events wait in the outbox");

    private static final int KEYS = 20;
    private static final int VERSIONS = 25;

    private EventScene scene;

    @BeforeEach
    void open() {
        scene = new EventScene(postgres, kafka);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private Events consuming() {
        var events = scene.instance();
        events.consume(Subscription.of("test.documents")
                .on(DocumentStatusChanged.getDefaultInstance(), (event, context) -> EventScene.noted(context)));
        events.start();
        return events;
    }

    @Test
    void aCrashBetweenPublicationAndRemovalIsAbsorbedByTheInbox() {
        scene.database.inTransaction(tx -> tx.sql().execute("""
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'killed' USING ERRCODE = '57P01'; END $$"""));
        scene.database.inTransaction(tx -> tx.sql()
                .execute("CREATE TRIGGER refuse BEFORE DELETE ON event_outbox FOR EACH ROW EXECUTE FUNCTION refuse()"));
        var events = consuming();
        scene.publish(events, 1, 1);
        scene.awaitEffects(1, 1L);
        scene.publish(events, 1, 2);
        scene.awaitEffects(1, 1L, 2L);

        scene.database.inTransaction(tx -> tx.sql().execute("DROP TRIGGER refuse ON event_outbox"));
        EventScene.eventually("outbox is empty", () -> scene.count("event_outbox") == 0);
        scene.publish(events, 1, 3);
        scene.awaitEffects(1, 1L, 2L, 3L);
    }

    @Test
    void instancesThatComeAndGoWorkEachEventOnceAndInOrder() {
        var first = consuming();
        for (var version = 1; version <= VERSIONS; version++) {
            for (var key = 1; key <= KEYS; key++) {
                scene.publish(first, key, version);
            }
            if (version == VERSIONS / 3) {
                consuming();
            }
            if (version == VERSIONS / 2) {
                scene.close(first);
                first = consuming();
            }
        }
        var all = LongStream.rangeClosed(1, VERSIONS).boxed().toArray(Long[]::new);
        for (var key = 1; key <= KEYS; key++) {
            scene.awaitEffects(key, all);
        }
        assertThat(scene.count("effect")).isEqualTo(KEYS * VERSIONS);
    }
}
