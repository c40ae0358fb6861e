package bank.registry.store;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.db.Database;
import bank.platform.db.Tx;
import bank.registry.TestDatabase;
import bank.registry.model.AppointmentFilter;
import bank.registry.model.AppointmentStatus;
import bank.registry.model.DeathNotice;
import bank.registry.model.DeathState;
import bank.registry.model.Identifier;
import bank.registry.model.IdentifierType;
import bank.registry.model.SlotPosition;
import bank.testing.PostgresExtension;
import bank.testing.SequentialScans;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever the stores do with one row among many, they read no table from end to end.
class StoreScansIT {
    private static final Instant FIRST = Instant.parse("2026-06-01T00:00:00Z");
    private static final Instant HALFWAY = FIRST.plusSeconds(1800L * 10_000);
    private static final Instant END = FIRST.plusSeconds(1800L * 30_000);

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final SlotStore slots = new SlotStore();
    private static final AppointmentStore appointments = new AppointmentStore();
    private static final DeathNoticeStore notices = new DeathNoticeStore();
    private static final VerifiedPersonStore verified = new VerifiedPersonStore();

    private static Database database;

    private record Use(String name, Consumer<Tx> work) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void fill() {
        database = TestDatabase.open(postgres);
        database.inTransaction(tx -> {
            tx.sql().execute("""
                    INSERT INTO slot (doctor, practice, starts_at, ends_at)
                    SELECT 'Dr ' || n % 4, 'practice', start, start + interval '30 minutes'
                    FROM generate_series(1, 20000) n,
                        LATERAL (SELECT timestamptz '2026-06-01 00:00:00Z' + n * interval '30 minutes') AS at (start)""");
            tx.sql().execute("""
                    INSERT INTO appointment (slot_id, nhs_number, starts_at, ends_at, status, booked_at, booked_by)
                    SELECT id, 'patient ' || id % 1000, starts_at, ends_at,
                        CASE WHEN id % 3 = 0 THEN 'CANCELLED' ELSE 'BOOKED' END, starts_at, 'test'
                    FROM slot WHERE id % 2 = 0""");
            tx.sql().execute("""
                    INSERT INTO verified_person (user_id, type, value, verified_at)
                    SELECT n, type, type || n, now()
                    FROM generate_series(1, 10000) n, (VALUES ('NIN'), ('NHS')) AS of (type)""");
            tx.sql().execute("""
                    INSERT INTO death_notice (reference, nin, version, state, reported_at, reported_by)
                    SELECT gen_random_uuid(), 'NIN' || n, version, 'REMOVED', now(), 'test'
                    FROM generate_series(1, 5000) n, generate_series(1, 2) version""");
            tx.sql().execute("""
                    INSERT INTO patient (nhs_number, first_name, last_name, birthday, practice, dead)
                    SELECT 'NHS' || n, 'first', 'last', date '2000-01-01', 'practice', FALSE
                    FROM generate_series(1, 10000) n""");
            tx.sql().execute("""
                    INSERT INTO taxpayer (nin, first_name, last_name, birthday, dead)
                    SELECT 'NIN' || n, 'first', 'last', date '2000-01-01', FALSE FROM generate_series(1, 10000) n""");
            return tx;
        });
        database.inTransaction(tx -> tx.sql().execute("ANALYZE"));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    static List<Use> uses() {
        var booked = AppointmentStatus.BOOKED;
        return List.of(
                new Use("free slots", tx -> slots.listFree(tx, SlotPosition.behind(FIRST), END, 51)),
                new Use("free slots further", tx -> slots.listFree(tx, SlotPosition.before(HALFWAY), END, 51)),
                new Use("slot", tx -> slots.find(tx, 5)),
                new Use("booked", tx -> appointments.booked(tx, 5)),
                new Use("remove slots", tx -> slots.remove(tx, FIRST.plusSeconds(36_000), 100)),
                new Use(
                        "book",
                        tx -> appointments.insert(tx, slots.find(tx, 5).orElseThrow(), "patient 1", "test", FIRST)),
                new Use("lock patient", tx -> appointments.lockPatient(tx, "patient 1")),
                new Use("appointment", tx -> appointments.find(tx, 5)),
                new Use("lock appointment", tx -> appointments.lock(tx, 5)),
                new Use("cancel", tx -> appointments.cancel(tx, 5, "test", FIRST)),
                new Use("appointments", tx -> list(tx, null, null, Long.MAX_VALUE)),
                new Use("appointments further", tx -> list(tx, null, null, 5_000)),
                new Use("appointments of a patient", tx -> list(tx, "patient 2", null, Long.MAX_VALUE)),
                new Use("appointments in a status", tx -> list(tx, null, booked, 9_000)),
                new Use("appointments of a patient in a status", tx -> list(tx, "patient 2", booked, 9_000)),
                new Use("lock person", tx -> notices.lockPerson(tx, "NIN5")),
                new Use("last notice", tx -> notices.last(tx, "NIN5")),
                new Use(
                        "notice",
                        tx -> notices.insert(
                                tx, new DeathNotice(UUID.randomUUID(), "NIN5", 3, DeathState.FORMAL, FIRST), "test")),
                new Use("verified", tx -> verified.find(tx, 5, IdentifierType.NHS)),
                new Use("list verified", tx -> verified.list(tx, IdentifierType.NHS, "NHS5", 51)),
                new Use("verify", tx -> verified.enter(tx, 5, new Identifier(IdentifierType.NIN, "another"), FIRST)));
    }

    private static void list(Tx tx, String patient, AppointmentStatus status, long before) {
        appointments.list(tx, new AppointmentFilter(patient, status), before, 51);
    }

    @ParameterizedTest
    @MethodSource("uses")
    void readsNoTableFromEndToEnd(Use use) {
        var scanned = database.inTransaction(tx -> {
            tx.rollbackAtEnd();
            return SequentialScans.during(
                    tx.sql().getConnection(), () -> use.work().accept(tx));
        });
        assertThat(scanned).isEmpty();
    }
}
