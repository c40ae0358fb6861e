package bank.identity.store;

import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.model.EmailAddress;
import bank.identity.model.Identifier;
import bank.identity.model.IdentifierType;
import bank.identity.model.NewUser;
import bank.identity.model.Origin;
import bank.identity.model.PersonalName;
import bank.identity.model.Role;
import bank.identity.password.PasswordHash;
import bank.platform.config.ServiceConfig.DatabaseConfig;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import bank.testing.PostgresExtension;
import bank.testing.SequentialScans;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever the stores do with one user or session among many, they read no table that grows from end to end. Purging
/// is left out: when much is old, reading everything is the fastest way.
class StoreScansIT {
    private static final Instant NEWEST = Instant.parse("2026-06-01T00:00:00Z");
    private static final Instant LONG_AGO = NEWEST.minusSeconds(60 * 1_000_000);
    private static final UUID OPEN = new UUID(0, 8);
    private static final PasswordHash HASH = PasswordHash.parse(
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final UserStore users = new UserStore();
    private static final PasswordStore passwords = new PasswordStore();
    private static final SessionStore sessions = new SessionStore();

    private static final ExternalIdentityStore identities = new ExternalIdentityStore();
    private static final ForeignSessionStore foreignSessions = new ForeignSessionStore();

    private static Database database;

    private record Use(String name, Consumer<Tx> work) {
        @Override
        public String toString() {
            return name;
        }
    }

    private record Settings(PostgresExtension server) implements DatabaseConfig {
        @Override
        public String url() {
            return server.jdbcUrl();
        }

        @Override
        public String user() {
            return server.user();
        }

        @Override
        public Optional<String> password() {
            return Optional.of(server.password());
        }

        @Override
        public int connectionsMax() {
            return 2;
        }
    }

    @BeforeAll
    static void fill() {
        database = Database.open(new Settings(postgres), "identity");
        database.inTransaction(tx -> {
            tx.sql().execute("""
                    INSERT INTO bank_user (email, role, created_at)
                    SELECT 'user' || n || '@example.com', CASE WHEN n % 10000 = 0 THEN 'ADMIN' ELSE 'CLIENT' END,
                        timestamptz '2026-06-01 00:00:00Z' - make_interval(mins => n)
                    FROM generate_series(1, 20000) n""");
            tx.sql()
                    .execute(
                            "INSERT INTO user_password (user_id, hash, changed_at) SELECT id, ?, created_at"
                                    + " FROM bank_user",
                            HASH.encoded());
            tx.sql().execute("""
                    INSERT INTO identifier (user_id, type, value, verified, created_at)
                    SELECT id, 'NHS', id::text, true, created_at FROM bank_user""");
            tx.sql().execute("""
                    INSERT INTO session (id, user_id, client_id, secret, generation, rotated_at, created_at,
                        last_used_at, address, agent, ended_at, foreign_session)
                    SELECT lpad(to_hex(id * 4 + n), 32, '0')::uuid, id, 'bank-cli', '', 3, created_at, created_at,
                        created_at, '', '', CASE WHEN n = 1 THEN created_at END,
                        CASE WHEN n = 0 THEN sha256(id::text::bytea) END
                    FROM bank_user, generate_series(0, 1) n""");
            tx.sql().execute("""
                    INSERT INTO external_identity (user_id, issuer, subject, provisioned, email, created_at)
                    SELECT id, 'https://sso.example.com', 'subject ' || id, true, '', created_at FROM bank_user""");
            return tx;
        });
        database.inTransaction(tx -> tx.sql().execute("ANALYZE"));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    static List<Use> userUses() {
        var email = new EmailAddress("user7@example.com");
        return List.of(
                new Use(
                        "insert",
                        tx -> users.insert(
                                tx,
                                new NewUser(
                                        new EmailAddress("new@example.com"), PersonalName.NONE, null, "", Role.CLIENT),
                                NEWEST)),
                new Use(
                        "insert identifier",
                        tx -> users.insertIdentifier(tx, 7, new Identifier(IdentifierType.NIN, "AB123456C"), NEWEST)),
                new Use("find", tx -> users.find(tx, 7)),
                new Use("find by e-mail", tx -> users.find(tx, email)),
                new Use(
                        "references",
                        tx -> users.references(
                                tx, LongStream.rangeClosed(1, 200).boxed().toList())),
                new Use("make admin", tx -> users.makeAdmin(tx, 7)),
                new Use("set role", tx -> users.setRole(tx, 7, Role.EMPLOYEE)),
                new Use("any admin", users::anyAdmin),
                new Use("credentials", tx -> passwords.find(tx, email)),
                new Use("set password", tx -> passwords.set(tx, 7, HASH, NEWEST)),
                new Use("rehash", tx -> passwords.rehash(tx, 7, HASH, HASH)));
    }

    static List<Use> sessionUses() {
        var window = new SessionStore.Window(NEWEST, LONG_AGO, LONG_AGO, LONG_AGO);
        return List.of(
                new Use(
                        "open",
                        tx -> sessions.insert(
                                tx, UUID.randomUUID(), 7, "bank-cli", new byte[0], null, new Origin("", ""), NEWEST)),
                new Use("find", tx -> sessions.find(tx, OPEN)),
                new Use("rotate", tx -> sessions.rotate(tx, OPEN, "bank-cli", 3, null, window)),
                new Use("end reused", tx -> sessions.endReused(tx, OPEN, 1, NEWEST)),
                new Use("end", tx -> sessions.end(tx, OPEN, 2, NEWEST)),
                new Use("end all", tx -> sessions.endAll(tx, 7, NEWEST)));
    }

    static List<Use> foreignUses() {
        var issuer = "https://sso.example.com";
        var name = new byte[32];
        return List.of(
                new Use("find identity", tx -> identities.find(tx, issuer, "subject 7")),
                new Use("find identity by number", tx -> identities.find(tx, 7)),
                new Use("lock identity", tx -> identities.lock(tx, issuer, "subject 7")),
                new Use("insert identity", tx -> identities.insert(tx, 7, issuer, "new", false, "", NEWEST)),
                new Use("delete identity", tx -> identities.delete(tx, 7)),
                new Use("list identities", tx -> identities.list(tx, 7, Long.MAX_VALUE, 51)),
                new Use("lock foreign session", tx -> foreignSessions.lock(tx, name)),
                new Use("find foreign session", tx -> foreignSessions.find(tx, name)),
                new Use(
                        "open foreign session",
                        tx -> foreignSessions.insert(
                                tx,
                                new ForeignSessionStore.Opened(UUID.randomUUID(), 7, "bank-cli", new byte[0], name),
                                new Origin("", ""),
                                NEWEST)),
                new Use("use foreign session", tx -> foreignSessions.use(tx, OPEN, new Origin("", ""), NEWEST)),
                new Use("end all foreign sessions", tx -> foreignSessions.endAll(tx, 7, NEWEST)));
    }

    @ParameterizedTest
    @MethodSource({"userUses", "sessionUses", "foreignUses"})
    void readsNoTableThatGrowsFromEndToEnd(Use use) {
        var scanned = database.inTransaction(tx -> {
            tx.rollbackAtEnd();
            return SequentialScans.during(
                    tx.sql().getConnection(), () -> use.work().accept(tx));
        });
        assertThat(scanned).isSubsetOf("oauth_client");
    }
}
