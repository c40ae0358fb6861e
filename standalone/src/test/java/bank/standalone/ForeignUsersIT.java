package bank.standalone;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Channels;
import bank.testing.TestRealm;
import bank.v1.GetMeRequest;
import bank.v1.GetMeResponse;
import bank.v1.Role;
import bank.v1.UserServiceGrpc;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Users of another issuer, from its keys over HTTP to the services behind the edge, by the settings that
/// docs/operating.md tells.
final class ForeignUsersIT {
    @TempDir
    static Path data;

    private static TestRealm realm;
    private static Instance bank;
    private static Http http;

    private final String subject = UUID.randomUUID().toString();

    @BeforeAll
    static void start() {
        realm = new TestRealm();
        bank = Instance.start(
                data,
                Map.ofEntries(
                        Map.entry("BANK_IDENTITY_ISSUERS_STAFF_URL", realm.url()),
                        Map.entry("BANK_IDENTITY_ISSUERS_STAFF_AUDIENCE", TestRealm.AUDIENCE),
                        Map.entry("BANK_IDENTITY_ISSUERS_STAFF_ALGORITHMS", "RS256"),
                        Map.entry("BANK_IDENTITY_ISSUERS_STAFF_TYPES", "JWT"),
                        Map.entry("BANK_IDENTITY_ISSUERS_STAFF_ROLES_CLAIM", "realm_access.roles"),
                        Map.entry("BANK_IDENTITY_ISSUERS_STAFF_ROLE_MAPPING", "customer=client,teller=employee"),
                        Map.entry("BANK_IDENTITY_ISSUERS_STAFF_PROVISION", "true"),
                        Map.entry("BANK_EDGE_ISSUERS_STAFF_URL", realm.url()),
                        Map.entry("BANK_EDGE_ISSUERS_STAFF_KEYS", realm.keys()),
                        Map.entry("BANK_EDGE_ISSUERS_STAFF_AUDIENCE", TestRealm.AUDIENCE),
                        Map.entry("BANK_EDGE_ISSUERS_STAFF_ALGORITHMS", "RS256"),
                        Map.entry("BANK_EDGE_ISSUERS_STAFF_TYPES", "JWT"),
                        Map.entry("BANK_EDGE_ISSUERS_STAFF_USERS", "true")));
        http = new Http(bank.address());
    }

    @AfterAll
    static void stop() {
        bank.process().stop(Instance.STOP_MAX);
        bank.close();
        realm.close();
    }

    private String token(String session, String... roles) {
        return realm.signed(realm.claims(subject, session, Instant.now(), roles));
    }

    private static GetMeResponse me(int port, String token) {
        var channel = Channels.open("127.0.0.1:" + port);
        try {
            var metadata = new Metadata();
            metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
            return UserServiceGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                    .getMe(GetMeRequest.getDefaultInstance());
        } finally {
            channel.shutdownNow();
        }
    }

    private static int identityPort() {
        return bank.process().output().stream()
                .filter(line -> line.startsWith("identity "))
                .map(line -> Integer.parseInt(line.replaceFirst(".*127\\.0\\.0\\.1:([0-9]+).*", "$1")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void areTheSameUserOverHttpAndOverGrpc() {
        var token = token("session-1", "teller");

        var json = http.get("/v1/users/me", token).expect(200).json();
        assertThat(json.at("/user/first_name").asText()).isEqualTo("Ольга");
        assertThat(json.at("/user/role").asText()).isEqualTo("employee");
        assertThat(json.at("/user/email").asText()).endsWith("@external.invalid");

        var user = me(bank.port(), token).getUser();
        assertThat(user.getId()).isEqualTo(json.at("/user/id").asLong());
        assertThat(user.getRole()).isEqualTo(Role.ROLE_EMPLOYEE);
    }

    @Test
    void haveTheRoleTheirIssuerGivesThemNow() {
        assertThat(me(bank.port(), token("session-1", "teller")).getUser().getRole())
                .isEqualTo(Role.ROLE_EMPLOYEE);
        http.get("/v1/users", token("session-1", "teller")).expect(200);

        var lowered = token("session-1", "customer");
        assertThat(me(bank.port(), lowered).getUser().getRole()).isEqualTo(Role.ROLE_CLIENT);
        assertThat(http.get("/v1/abs/documents/1/versions", lowered).expect(403).reason())
                .isEqualTo("ROLE_MISSING");
    }

    @Test
    void areLetInNoMoreOnceTheyHaveSignedOutHere() {
        var token = token("session-1", "customer");
        http.json("POST", "/v1/auth/logout", token, "{}").expect(204);

        var refused = http.get("/v1/users/me", token("session-1", "customer")).expect(401);
        assertThat(refused.reason()).isEqualTo("TOKEN_INVALID");
        assertThat(refused.text()).contains("its session here was ended");
        http.get("/v1/users/me", token("session-2", "customer")).expect(200);
    }

    @Test
    void withoutARoleOrAGoodTokenAreRefusedAlikeOverHttpAndOverGrpc() throws Exception {
        var stranger = new RSAKeyGenerator(2048).keyID("realm-key").generate();
        var claims = realm.claims(subject, null, Instant.now(), "teller");
        for (var token :
                new String[] {token("session-1", "visitor"), realm.signed(claims, JWSAlgorithm.RS256, "JWT", stranger)
                }) {
            assertThat(http.get("/v1/users/me", token).expect(401).reason()).isEqualTo("TOKEN_INVALID");
            assertThatCall(() -> me(bank.port(), token)).fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
        }
    }

    @Test
    void comeByTheEdgeAlone() {
        var token = token("session-1", "teller");
        assertThat(me(bank.port(), token).getUser().getId()).isPositive();
        assertThatCall(() -> me(identityPort(), token)).fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
    }
}
