package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.embedded.PostgresDatabase;
import bank.identity.model.InitialAdmin;
import bank.platform.config.InvalidSettingsException;
import bank.testing.PostgresExtension;
import bank.v1.GetMeRequest;
import bank.v1.RefreshRequest;
import bank.v1.Role;
import bank.v1.TokenPair;
import io.grpc.Status.Code;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class FirstStartIT {
    private static final Map<String, String> DEMO = Map.of("bank.identity.demo", "true");

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @Test
    void makesOneAdminAndOneKeyHoweverManyInstancesStartAtOnce() throws Exception {
        for (var round = 0; round < 3; round++) {
            var database = postgres.createDatabase();
            var start = new CountDownLatch(1);
            Callable<RunningIdentity> starting = () -> {
                start.await();
                return start(database, Map.of());
            };
            try (var threads = Executors.newFixedThreadPool(2)) {
                var one = threads.submit(starting);
                var two = threads.submit(starting);
                start.countDown();
                try (var first = one.get();
                        var second = two.get()) {
                    var admins = List.of(first, second).stream()
                            .map(RunningIdentity::initialAdmin)
                            .flatMap(Optional::stream)
                            .toList();
                    assertThat(admins).hasSize(1);
                    assertThat(Sql.read(database, "SELECT kid FROM signing_key"))
                            .hasSize(1);
                    assertThat(Sql.read(database, "SELECT email FROM bank_user"))
                            .containsExactly("admin@bank.local");

                    var tokens = login(first, admins.getFirst());
                    var me = second.users(tokens.getAccessToken()).getMe(GetMeRequest.getDefaultInstance());
                    assertThat(me.getUser().getRole()).isEqualTo(Role.ROLE_ADMIN);
                }
            }
        }
    }

    @Test
    void tellsTheAdminsPasswordOnceAndKeepsEverythingOverARestart() throws Exception {
        var database = postgres.createDatabase();
        InitialAdmin admin;
        TokenPair tokens;
        try (var identity = start(database, Map.of("bank.identity.admin-email", "Boss@Bank.Example"))) {
            admin = identity.initialAdmin().orElseThrow();
            assertThat(admin.email().value()).isEqualTo("boss@bank.example");
            assertThat(admin.toString()).doesNotContain(admin.password().value());
            tokens = login(identity, admin);
        }
        try (var identity = start(database, Map.of())) {
            assertThat(identity.initialAdmin()).isEmpty();
            assertThat(login(identity, admin)).isNotNull();
            assertThat(identity.users(tokens.getAccessToken()).getMe(GetMeRequest.getDefaultInstance()))
                    .isNotNull();
            assertThat(refresh(identity, tokens)).isNotNull();
        }
    }

    @Test
    void setsNoPasswordThatCannotBeTold() {
        var database = postgres.createDatabase();
        assertThatThrownBy(() ->
                        IdentityServer.start(RunningIdentity.config(database, Map.of()), Clock.systemUTC(), admin -> {
                            throw new IllegalStateException("nobody listens");
                        }))
                .hasMessage("nobody listens");
        try (var identity = start(database, Map.of())) {
            assertThat(login(identity, identity.initialAdmin().orElseThrow())).isNotNull();
        }
    }

    @Test
    void givesALostAdminPasswordAnewOnDemand() {
        var database = postgres.createDatabase();
        InitialAdmin lost;
        TokenPair tokens;
        try (var identity = start(database, Map.of())) {
            lost = identity.initialAdmin().orElseThrow();
            tokens = login(identity, lost);
        }
        try (var identity = start(database, Map.of("bank.identity.admin-reset", "true"))) {
            var admin = identity.initialAdmin().orElseThrow();
            assertThat(login(identity, admin)).isNotNull();
            assertThatCall(() -> login(identity, lost)).fails(Code.UNAUTHENTICATED, "BAD_CREDENTIALS");
            assertThatCall(() -> refresh(identity, tokens)).fails(Code.UNAUTHENTICATED, "INVALID_REFRESH_TOKEN");
        }
    }

    @Test
    void makesTheDemonstrationOnce() throws Exception {
        var database = postgres.createDatabase();
        List<String> before;
        try (var identity = start(database, DEMO)) {
            assertThat(identity.initialAdmin()).isEmpty();
            before = state(database);
        }
        try (var identity = start(database, DEMO)) {
            assertThat(state(database)).isEqualTo(before);
            var roles = new HashMap<String, Role>();
            for (var name : List.of("client", "client2", "employee", "admin")) {
                var tokens = identity.login(name + "@demo.test", "demo-Passw0rd-2026");
                var user = identity.users(tokens.getAccessToken())
                        .getMe(GetMeRequest.getDefaultInstance())
                        .getUser();
                assertThat(user.getLastName()).isNotEmpty();
                roles.put(name, user.getRole());
            }
            assertThat(roles)
                    .isEqualTo(Map.of(
                            "client", Role.ROLE_CLIENT,
                            "client2", Role.ROLE_CLIENT,
                            "employee", Role.ROLE_EMPLOYEE,
                            "admin", Role.ROLE_ADMIN));
            var machine = OAuthForm.post(
                    identity.oauth(), "abs-integration", "demo-secret-2026", "grant_type=client_credentials");
            assertThat(machine.get("scope")).isEqualTo("documents:process documents:read");
        }
    }

    @Test
    void bringsConfiguredClientsUpToDate() throws Exception {
        var database = postgres.createDatabase();
        start(database, client("first-secret-0001", "users:read")).close();
        var hash = state(database);
        start(database, client("first-secret-0001", "users:read")).close();
        assertThat(state(database)).isEqualTo(hash);
        try (var identity = start(database, client("other-secret-0002", "users:read,documents:hold"))) {
            var form = "grant_type=client_credentials";
            assertThat(OAuthForm.post(identity.oauth(), "contract-service", "first-secret-0001", form)
                            .status())
                    .isEqualTo(401);
            assertThat(OAuthForm.post(identity.oauth(), "contract-service", "other-secret-0002", form)
                            .get("scope"))
                    .isEqualTo("documents:hold users:read");
        }
    }

    @Test
    void rehashesPasswordsStoredAtAnotherCost() throws Exception {
        var database = postgres.createDatabase();
        try (var identity = start(database, DEMO)) {
            // argon2 20190702: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32
            Sql.update(
                    database,
                    "UPDATE user_password SET hash = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
                            + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'");
            assertThat(identity.login("client@demo.test", "password")).isNotNull();
            assertThat(Sql.read(database, "SELECT hash FROM user_password WHERE hash LIKE '%m=19456,t=2,p=1%'"))
                    .hasSize(1);
            assertThat(identity.login("client@demo.test", "password")).isNotNull();
        }
    }

    @Test
    void refusesToStartWithAnotherKeyEncryptionKey() throws Exception {
        var database = postgres.createDatabase();
        start(database, Map.of()).close();
        assertThat(Sql.read(database, "SELECT encode(private_jwk, 'escape') FROM signing_key"))
                .hasSize(1)
                .noneMatch(key -> key.contains("kty"));
        var otherKey = Map.of("bank.identity.key-encryption-key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        assertThatThrownBy(() -> start(database, otherKey))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("key-encryption-key");
    }

    private static RunningIdentity start(PostgresDatabase database, Map<String, String> settings) {
        return RunningIdentity.start(database, Clock.systemUTC(), settings);
    }

    private static TokenPair login(RunningIdentity identity, InitialAdmin admin) {
        return identity.login(admin.email().value(), admin.password().value());
    }

    private static TokenPair refresh(RunningIdentity identity, TokenPair tokens) {
        return identity.auth()
                .refresh(RefreshRequest.newBuilder()
                        .setRefreshToken(tokens.getRefreshToken())
                        .build());
    }

    private static Map<String, String> client(String secret, String scopes) {
        return Map.of(
                "bank.identity.clients.contract-service.secret", secret,
                "bank.identity.clients.contract-service.scopes", scopes);
    }

    private static List<String> state(PostgresDatabase database) throws Exception {
        return Sql.read(database, """
                SELECT u::text || p::text FROM bank_user u JOIN user_password p ON p.user_id = u.id
                UNION ALL SELECT c::text FROM oauth_client c
                UNION ALL SELECT k.kid FROM signing_key k
                ORDER BY 1""");
    }
}
