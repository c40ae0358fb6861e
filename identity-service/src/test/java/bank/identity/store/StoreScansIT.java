package bank.identity.store;

import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.keys.AuthorizationCodes;
import bank.identity.model.AccountStatus;
import bank.identity.model.AuditType;
import bank.identity.model.AuthorizationCode;
import bank.identity.model.ClientDetails;
import bank.identity.model.ClientPlace;
import bank.identity.model.DeathNotice;
import bank.identity.model.DeathState;
import bank.identity.model.EmailAddress;
import bank.identity.model.Grant;
import bank.identity.model.Identifier;
import bank.identity.model.IdentifierType;
import bank.identity.model.NewOrganization;
import bank.identity.model.NewUser;
import bank.identity.model.OpenSession;
import bank.identity.model.OrganizationFilter;
import bank.identity.model.OrganizationType;
import bank.identity.model.Origin;
import bank.identity.model.ParkedPlace;
import bank.identity.model.PersonalName;
import bank.identity.model.Profile;
import bank.identity.model.ProvedUser;
import bank.identity.model.Role;
import bank.identity.model.Sex;
import bank.identity.model.User;
import bank.identity.model.UserFilter;
import bank.identity.model.UserStatus;
import bank.identity.model.VerificationReason;
import bank.identity.model.VerificationStatus;
import bank.identity.password.PasswordHash;
import bank.platform.config.ServiceConfig.DatabaseConfig;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import bank.testing.PostgresExtension;
import bank.testing.SequentialScans;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever the stores do with one user, session or client among many, they read no table that grows from end to end.
/// Purging is left out: when much is old, reading everything is the fastest way.
class StoreScansIT {
    private static final Instant NEWEST = Instant.parse("2026-06-01T00:00:00Z");
    private static final Instant LONG_AGO = NEWEST.minusSeconds(60 * 1_000_000);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final UUID OPEN = new UUID(0, 8);
    private static final byte[] CODE = AuthorizationCodes.digest("7");
    private static final PasswordHash HASH = PasswordHash.parse(
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");

    private static final Profile PROFILE = new Profile(PersonalName.NONE, null, Sex.UNKNOWN, "", "", "", null);

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final UserStore users = new UserStore();
    private static final PasswordStore passwords = new PasswordStore();
    private static final IdentifierStore identifiers = new IdentifierStore();
    private static final VerificationStore verifications = new VerificationStore();
    private static final DeathStore deaths = new DeathStore();
    private static final SessionStore sessions = new SessionStore();
    private static final CodeStore codes = new CodeStore();

    private static final ClientStore clients = new ClientStore();
    private static final ClientRegistryStore registry = new ClientRegistryStore();
    private static final ClientAssertionStore assertions = new ClientAssertionStore();
    private static final LiveSessionStore live = new LiveSessionStore();

    private static final SignInCounterStore counters = new SignInCounterStore();
    private static final AuditStore events = new AuditStore();
    private static final OpenSessionStore openSessions = new OpenSessionStore();
    private static final OrganizationStore organizations = new OrganizationStore();
    private static final MemberStore members = new MemberStore();

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
                    INSERT INTO verification
                        (user_id, request_id, requests, identifier_type, status, requested_at, parked_at)
                    SELECT id, gen_random_uuid(), 1, 'NHS', 'PENDING', created_at,
                        CASE WHEN id % 100 = 0 THEN created_at END
                    FROM bank_user""");
            tx.sql().execute("""
                    INSERT INTO death (nin, state, version, reference, noted_at)
                    SELECT id::text, 'INFORMAL', 1, '', created_at FROM bank_user""");
            tx.sql().execute("""
                    INSERT INTO status_before_death (user_id, status, status_reason, blocked_by_organization)
                    SELECT id, 'ACTIVE', '', false FROM bank_user""");
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
            tx.sql().execute("""
                    INSERT INTO authorization_code (digest, client_id, user_id, redirect_uri, challenge, scopes,
                        signed_in_at, address, agent, created_at)
                    SELECT sha256(id::text::bytea), 'bank-cli', id, '', '', '{}', created_at, '', '', created_at
                    FROM bank_user""");
            tx.sql().execute("""
                    INSERT INTO oauth_client (id, name, scopes, grants, redirect_uris, created_at)
                    SELECT 'client-' || n, 'Client ' || n, '{}', '{AUTHORIZATION_CODE}', '{https://example.com/}',
                        timestamptz '2026-06-01 00:00:00Z' - make_interval(mins => n)
                    FROM generate_series(1, 20000) n""");
            tx.sql().execute("""
                    INSERT INTO client_assertion (client_id, jti, ends_at)
                    SELECT 'client-' || n, sha256(n::text::bytea), timestamptz '2026-06-01 00:00:00Z'
                    FROM generate_series(1, 20000) n""");
            tx.sql().execute("""
                    INSERT INTO sign_in_counter (key, account, failures, failed_at)
                    SELECT sha256(n::text::bytea), CASE WHEN n % 2 = 0 THEN sha256((n / 4)::text::bytea) END, 1,
                        timestamptz '2026-06-01 00:00:00Z' - make_interval(secs => n)
                    FROM generate_series(1, 20000) n""");
            tx.sql().execute("""
                    INSERT INTO sign_in_address (account, address, signed_in_at)
                    SELECT sha256((n / 4)::text::bytea), sha256(n::text::bytea),
                        timestamptz '2026-06-01 00:00:00Z' - make_interval(secs => n)
                    FROM generate_series(1, 20000) n""");
            tx.sql().execute("""
                    INSERT INTO audit_event (number, at, type, actor, subject, address, agent, request_id, detail, code)
                    SELECT n, timestamptz '2026-06-01 00:00:00Z' - make_interval(secs => 20000 - n),
                        CASE WHEN n % 500 = 0 THEN 'REGISTERED' ELSE 'SIGNED_IN' END, 'user:' || n % 5000,
                        'user:' || n % 5000, '', '', '', '', sha256(n::text::bytea)
                    FROM generate_series(1, 20000) n""");
            // Each of 4000 at the top has four below it; each user is a member of one and administers another.
            tx.sql().execute("""
                    INSERT INTO organization (name, type, created_at)
                    SELECT 'a', 'CUSTOMER', timestamptz '2026-06-01 00:00:00Z' FROM generate_series(1, 20000)""");
            tx.sql().execute("UPDATE organization SET parent_id = (id - 1) / 5 * 5 + 1 WHERE id % 5 <> 1");
            tx.sql().execute("""
                    INSERT INTO organization_member (organization_id, user_id, admin, created_at)
                    SELECT o.id, u.id, o.id = u.id, u.created_at
                    FROM bank_user u JOIN organization o ON o.id IN (u.id, u.id % 20000 + 1)""");
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
                new Use("find", tx -> users.find(tx, 7)),
                new Use("find by e-mail", tx -> users.find(tx, email)),
                new Use(
                        "references",
                        tx -> users.references(
                                tx, LongStream.rangeClosed(1, 200).boxed().toList())),
                new Use("make admin", tx -> users.makeAdmin(tx, 7)),
                new Use("any admin", users::anyAdmin),
                new Use("lock", tx -> users.lock(tx, 7)),
                new Use("lock admins", users::lockAdmins),
                new Use("set profile", tx -> users.setProfile(tx, 7, PROFILE)),
                new Use("set role", tx -> users.setRole(tx, 7, Role.EMPLOYEE)),
                new Use("set status", tx -> users.setStatus(tx, 7, UserStatus.BLOCKED, "a", false)),
                new Use("list", tx -> list(tx, null, null, "", null)),
                new Use("list by rare role", tx -> list(tx, Role.ADMIN, null, "", null)),
                new Use("list by rare status", tx -> list(tx, null, UserStatus.DECEASED, "", null)),
                new Use("list by e-mail", tx -> list(tx, Role.CLIENT, UserStatus.ACTIVE, "user77", null)),
                new Use("list of organisation", tx -> list(tx, null, null, "", 7L)),
                new Use("credentials by number", tx -> passwords.find(tx, 7)),
                new Use("replace", tx -> passwords.replace(tx, 7, HASH, HASH, NEWEST)),
                new Use("credentials", tx -> passwords.find(tx, email, 7)),
                new Use("set password", tx -> passwords.set(tx, 7, HASH, NEWEST)),
                new Use("rehash", tx -> passwords.rehash(tx, 7, HASH, HASH)));
    }

    static List<Use> verificationUses() {
        var identifier = new Identifier(IdentifierType.NHS, "7");
        var notice = new DeathNotice(new Identifier(IdentifierType.NIN, "7"), DeathState.FORMAL, 2, "7");
        var mismatch = VerificationReason.MISMATCH;
        return List.of(
                new Use("put identifier", tx -> identifiers.put(tx, 7, identifier, NEWEST)),
                new Use("lock identifier", tx -> identifiers.lock(tx, identifier)),
                new Use("verified user", tx -> identifiers.verifiedUser(tx, identifier)),
                new Use("verify", tx -> identifiers.verify(tx, 7, identifier)),
                new Use("find", tx -> verifications.find(tx, 7)),
                new Use(
                        "request",
                        tx -> verifications.request(
                                tx, 7, OPEN, IdentifierType.NHS, VerificationStatus.PENDING, NEWEST)),
                new Use("count own", tx -> verifications.countOwn(tx, 7, 5, LONG_AGO, NEWEST)),
                new Use("too many own", tx -> verifications.countOwn(tx, 7, 0, LONG_AGO, NEWEST)),
                new Use("delay", tx -> verifications.delay(tx, 7, mismatch, 1, null)),
                new Use(
                        "complete",
                        tx -> verifications.complete(tx, 7, VerificationStatus.REJECTED, mismatch, 1, NEWEST)),
                new Use("parked", tx -> verifications.parked(tx, ParkedPlace.FIRST, 51)),
                new Use("set verification", tx -> users.setVerification(tx, 7, VerificationStatus.REJECTED, mismatch)),
                new Use("set hold", tx -> users.setSignInHold(tx, 7, "a")),
                new Use("find death", tx -> deaths.find(tx, notice.identifier())),
                new Use("put death", tx -> deaths.put(tx, notice, NEWEST)),
                new Use("keep status", tx -> deaths.keep(tx, 7, AccountStatus.ACTIVE)),
                new Use("take status", tx -> deaths.take(tx, 7)));
    }

    static List<Use> sessionUses() {
        var window = new SessionStore.Window(NEWEST, LONG_AGO, LONG_AGO, LONG_AGO);
        return List.of(
                new Use(
                        "open",
                        tx -> sessions.insert(
                                tx,
                                UUID.randomUUID(),
                                new ProvedUser(7, 0),
                                "bank-cli",
                                null,
                                new byte[0],
                                null,
                                new Origin("", ""),
                                NEWEST)),
                new Use("find", tx -> sessions.find(tx, OPEN)),
                new Use("rotate", tx -> sessions.rotate(tx, OPEN, "bank-cli", 3, window)),
                new Use("end reused", tx -> sessions.endReused(tx, OPEN, 1, NEWEST)),
                new Use("end", tx -> sessions.end(tx, OPEN, 2, NEWEST)),
                new Use("end all", tx -> sessions.endAll(tx, 7, NEWEST)),
                new Use("end own", tx -> sessions.endOwn(tx, 7, NEWEST)),
                new Use("end others", tx -> openSessions.endOthers(tx, 7, OPEN, NEWEST)),
                new Use("list", tx -> openSessions.list(tx, 7, LONG_AGO, LONG_AGO, OpenSession.Place.FIRST, 51)));
    }

    static List<Use> organizationUses() {
        var all = new OrganizationFilter(null, null);
        var rare = new OrganizationFilter(OrganizationType.VENDOR, null);
        var children = new OrganizationFilter(null, 6L);
        return List.of(
                new Use(
                        "insert",
                        tx -> organizations.insert(
                                tx, new NewOrganization("a", null, "", 6L), OrganizationType.VENDOR, NEWEST)),
                new Use("find", tx -> organizations.find(tx, 7)),
                new Use("lock", tx -> organizations.lock(tx, 7)),
                new Use(
                        "update",
                        tx -> organizations.update(tx, organizations.find(tx, 7).orElseThrow())),
                new Use("list", tx -> organizations.list(tx, all, Long.MAX_VALUE, 51)),
                new Use("list by rare type", tx -> organizations.list(tx, rare, Long.MAX_VALUE, 51)),
                new Use("list children", tx -> organizations.list(tx, children, Long.MAX_VALUE, 51)),
                new Use("list seen", tx -> organizations.listSeen(tx, 6, all, Long.MAX_VALUE, 51)),
                new Use("list seen children", tx -> organizations.listSeen(tx, 6, children, Long.MAX_VALUE, 51)),
                new Use("path", tx -> organizations.path(tx, 7)),
                new Use("height", tx -> organizations.height(tx, 6)));
    }

    static List<Use> memberUses() {
        return List.of(
                new Use("put", tx -> members.put(tx, 7, 100, true, NEWEST)),
                new Use("delete", tx -> members.delete(tx, 7, 7)),
                new Use("find", tx -> members.find(tx, 7, 7)),
                new Use("list", tx -> members.list(tx, 7, Long.MAX_VALUE, 51)),
                new Use("memberships", tx -> members.memberships(tx, 7)),
                new Use("organisation ids", tx -> members.organizationIds(tx, 7)),
                new Use("administers any", tx -> members.administersAny(tx, 7, List.of(7L, 6L))),
                new Use("administered without", tx -> members.administeredWithout(tx, List.of(7L, 6L), 7)),
                new Use("belongs under", tx -> members.belongsUnder(tx, 7, 6)),
                new Use("belongs elsewhere", tx -> members.belongsElsewhere(tx, 7, 6)));
    }

    private static List<User> list(
            Tx tx, @Nullable Role role, @Nullable UserStatus status, String prefix, @Nullable Long organization) {
        return users.list(tx, new UserFilter(role, status, prefix, organization), Long.MAX_VALUE, 51);
    }

    static List<Use> codeUses() {
        var code = new AuthorizationCode(
                "bank-cli", 7, 0, "", "", Set.of("openid"), null, NEWEST, new Origin("", ""), NEWEST);
        return List.of(
                new Use("issue code", tx -> codes.insert(tx, new byte[32], code)),
                new Use("find code", tx -> codes.find(tx, CODE)),
                new Use("spend code", tx -> codes.spend(tx, CODE, OPEN, LONG_AGO, NEWEST)));
    }

    static List<Use> clientUses() {
        var details = new ClientDetails(
                "Shop", Set.of(Grant.AUTHORIZATION_CODE), Set.of(), List.of("https://example.com/"), null, false);
        return List.of(
                new Use("find client", tx -> clients.find(tx, "client-7")),
                new Use("register", tx -> registry.insert(tx, "shop", details, UUID.randomUUID(), NEWEST)),
                new Use("find registered", tx -> registry.find(tx, "client-7")),
                new Use("lock", tx -> registry.lock(tx, "client-7")),
                new Use("list", tx -> registry.list(tx, null, 51)),
                new Use("list on", tx -> registry.list(tx, new ClientPlace(NEWEST.minusSeconds(60_000), "x"), 51)),
                new Use("update", tx -> registry.update(tx, "client-7", details)),
                new Use("rotate secret", tx -> registry.rotate(tx, "client-7", UUID.randomUUID(), NEWEST)),
                new Use("delete", tx -> registry.delete(tx, "client-7", NEWEST)),
                new Use("end sessions", tx -> sessions.endOfClient(tx, "client-7", NEWEST)),
                new Use("live", tx -> live.find(tx, OPEN, LONG_AGO, LONG_AGO)),
                new Use("spend", tx -> assertions.spend(tx, "client-7", new byte[32], NEWEST, NEWEST)));
    }

    static List<Use> counterUses() {
        var keys = new SignInCounterStore.Keys(code(7), List.of(code(8), code(9), code(10)));
        var limit = new SignInCounterStore.Limit(5, Duration.ofMinutes(15));
        return List.of(
                new Use("standing", tx -> counters.standing(tx, keys, LONG_AGO, NEWEST)),
                new Use("claim", tx -> counters.claim(tx, code(7), limit, NEWEST, LONG_AGO)),
                new Use("claim fading", tx -> counters.claimFading(tx, code(7), limit, HOUR, NEWEST, LONG_AGO)),
                new Use("paused until", tx -> counters.pausedUntil(tx, code(7))),
                new Use("give back", tx -> counters.giveBack(tx, code(7), new SignInCounterStore.Claimed(5, NEWEST))),
                new Use("reset", tx -> counters.reset(tx, code(7))),
                new Use(
                        "tell a refusal",
                        tx -> counters.tellRefusal(tx, new SignInCounterStore.Pause(code(7), NEWEST, false))),
                new Use("forget addresses", tx -> counters.forgetAddresses(tx, code(7))),
                new Use("remember", tx -> counters.remember(tx, code(7), code(28), NEWEST)));
    }

    static List<Use> auditUses() {
        var nothing = new AuditFilter(null, null, null, null, null);
        return List.of(
                new Use("lock head", events::lockHead),
                new Use("head", events::head),
                new Use("last", events::last),
                new Use("code", tx -> events.code(tx, 7)),
                new Use("following", tx -> events.following(tx, 7, 100)),
                new Use("newest", tx -> events.newest(tx, nothing, Long.MAX_VALUE, 51)),
                new Use(
                        "newest of a subject",
                        tx -> events.newest(tx, new AuditFilter("user:7", null, null, null, null), 19_000, 51)),
                new Use(
                        "newest of an actor",
                        tx -> events.newest(tx, new AuditFilter(null, "user:7", null, null, null), 19_000, 51)),
                new Use(
                        "newest of a type",
                        tx -> events.newest(
                                tx, new AuditFilter(null, null, AuditType.REGISTERED, null, null), 19_000, 51)),
                new Use(
                        "newest of a time",
                        tx -> events.newest(
                                tx,
                                new AuditFilter(
                                        null, null, null, NEWEST.minusSeconds(9_100), NEWEST.minusSeconds(9_000)),
                                Long.MAX_VALUE,
                                51)));
    }

    private static byte[] code(int number) {
        return Hashing.sha256()
                .hashString(Integer.toString(number), StandardCharsets.US_ASCII)
                .asBytes();
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
                                new ForeignSessionStore.Opened(
                                        UUID.randomUUID(), 7, Role.CLIENT, "bank-cli", new byte[0], name),
                                new Origin("", ""),
                                NEWEST)),
                new Use(
                        "use foreign session",
                        tx -> foreignSessions.use(tx, OPEN, Role.CLIENT, new Origin("", ""), NEWEST, LONG_AGO)),
                new Use("use ended foreign session", tx -> foreignSessions.useEnded(tx, OPEN, NEWEST)),
                new Use("end all foreign sessions", tx -> foreignSessions.endAll(tx, 7, NEWEST)));
    }

    @ParameterizedTest
    @MethodSource({
        "userUses",
        "verificationUses",
        "sessionUses",
        "organizationUses",
        "memberUses",
        "codeUses",
        "clientUses",
        "counterUses",
        "auditUses",
        "foreignUses"
    })
    void readsNoTableThatGrowsFromEndToEnd(Use use) {
        var scanned = database.inTransaction(tx -> {
            tx.rollbackAtEnd();
            return SequentialScans.during(
                    tx.sql().getConnection(), () -> use.work().accept(tx));
        });
        assertThat(scanned).isSubsetOf("audit_head");
    }
}
