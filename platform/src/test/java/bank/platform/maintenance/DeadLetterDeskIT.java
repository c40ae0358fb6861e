package bank.platform.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.TestServices;
import bank.platform.db.Database;
import bank.platform.maintenance.DeadLetterDesk.Stores;
import bank.testing.PostgresExtension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLetterDeskIT {
    private static final String NIN = "AB654321A";

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Database database;

    @BeforeEach
    void open() {
        database = Database.open(TestServices.database(postgres), "test");
        database.inTransaction(tx ->
                tx.sql().execute("TRUNCATE event_held, event_waiting, event_inbox, event_outbox RESTART IDENTITY"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void listsWhatIsParkedTheNewestFirstWithoutWhatItSaysOrWhoIsMeant() {
        assertThat(run("list")).isZero();
        assertThat(out()).isEqualTo("no dead letters\n");
        park("identity-service.death", "hmrc.death.notification", NIN, "nobody has " + NIN);
        park("registry-service.verification", "identity.verification.request", "1003", "NHS is away");

        assertThat(run("list")).isZero();

        assertThat(out().lines())
                .containsExactly(
                        "2  registry-service.verification  identity.verification.request  key 1003  5 tries"
                                + "  since 2026-11-30T07:30:00Z  0 waiting  NHS is away",
                        "1  identity-service.death  hmrc.death.notification  key …  5 tries"
                                + "  since 2026-11-30T07:30:00Z  0 waiting  nobody has …");
    }

    @Test
    void hasOneTriedAgain() {
        park("registry-service.verification", "identity.verification.request", "1003", "NHS is away");

        assertThat(run("replay", "1")).isZero();
        assertThat(out()).isEqualTo("dead letter 1 is tried again when the service runs\n");
        assertThat(count("event_outbox WHERE topic = 'registry-service.verification.retry.0'"))
                .isEqualTo(1);
        assertThat(run("replay", "1")).isEqualTo(DeadLetterDesk.NOT_THERE);
        assertThat(out()).isEqualTo("there is no dead letter 1\n");
    }

    @Test
    void givesOneUp() {
        park("registry-service.verification", "identity.verification.request", "1003", "NHS is away");

        assertThat(run("discard", "1")).isZero();
        assertThat(count("event_held")).isZero();
        assertThat(count("event_inbox")).isEqualTo(1);
        assertThat(count("event_outbox")).isZero();
        assertThat(run("discard", "1")).isEqualTo(DeadLetterDesk.NOT_THERE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "burn 1", "replay", "replay 0", "replay x", "discard 1 2", "list all"})
    void tellsWhatItDoesNotUnderstand(String words) {
        assertThat(run(words.split(" "))).isEqualTo(DeadLetterDesk.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("dead-letters")
                .endsWith("(see --help)\n");
    }

    private int run(String... words) {
        out.reset();
        var all = new ArrayList<>(List.of("dead-letters"));
        all.addAll(List.of(words));
        return DeadLetterDesk.run(
                all,
                () -> Stores.of("test", TestServices.config(TestServices.database(postgres))),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private void park(String consumer, String topic, String key, String reason) {
        database.inTransaction(tx -> tx.sql().execute("""
                        INSERT INTO event_held (consumer, topic, key, source, event_id, partition, "offset", headers, value,
                            attempts, reason, parked, due_at, created_at)
                        VALUES (?, ?, ?, '', 'place', 0, 7, ARRAY[]::text[], 'a message'::bytea, 5, ?, true,
                            '2026-11-30T07:30:00Z', '2026-11-30T07:30:00Z')""", consumer, topic, key, reason));
    }

    private long count(String table) {
        return database.read(session -> session.sql()
                .createQuery("SELECT count(*) FROM " + table)
                .mapTo(Long.class)
                .one());
    }
}
