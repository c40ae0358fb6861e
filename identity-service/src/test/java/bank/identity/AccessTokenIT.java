package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.platform.auth.Principal;
import bank.platform.auth.RemoteKeys;
import bank.platform.auth.TokenVerifier;
import bank.platform.grpc.Channels;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.GetMeRequest;
import bank.v1.ListFinancialPositionsRequest;
import bank.v1.ListUserTypesRequest;
import bank.v1.LookupUsersRequest;
import bank.v1.Role;
import bank.v1.UserReference;
import bank.v1.UserStatus;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.Status.Code;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class AccessTokenIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TestClock clock = new TestClock(Instant.parse("2026-03-01T12:00:00Z"));
    private static RunningIdentity identity;

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(postgres.database(), clock, Map.of("bank.identity.demo", "true"));
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @Test
    void carriesWhatServicesReadOfAUser() throws Exception {
        var user = identity.registered();
        var token = SignedJWT.parse(
                identity.login(user.getEmail(), RunningIdentity.PASSWORD).getAccessToken());
        var claims = token.getJWTClaimsSet();
        assertThat(token.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.PS256);
        assertThat(claims.getSubject()).isEqualTo(Long.toString(user.getId()));
        assertThat(claims.getAudience()).containsExactly("bank");
        assertThat(claims.getStringListClaim("roles")).containsExactly("client");
        assertThat(claims.getStringClaim("client_id")).isEqualTo("bank-cli");
        assertThat(claims.getStringClaim("sid")).hasSize(36);
        assertThat(claims.getExpirationTime().getTime() - claims.getIssueTime().getTime())
                .isEqualTo(600_000);
        assertThat(claims.getClaims()).doesNotContainKey("scope");
    }

    @Test
    void endsAfterTenMinutes() {
        var token = identity.loggedIn().getAccessToken();
        clock.advance(Duration.ofMinutes(10));
        assertThat(identity.users(token).getMe(GetMeRequest.getDefaultInstance()))
                .isNotNull();
        clock.advance(Duration.ofSeconds(5));
        assertThatCall(() -> identity.users(token).getMe(GetMeRequest.getDefaultInstance()))
                .fails(Code.UNAUTHENTICATED, "TOKEN_EXPIRED");
    }

    @Test
    void isDemanded() {
        assertThatCall(() -> identity.users().getMe(GetMeRequest.getDefaultInstance()))
                .fails(Code.UNAUTHENTICATED, "TOKEN_MISSING");
    }

    @Test
    void isRefusedWhenForged() throws Exception {
        var real = SignedJWT.parse(identity.loggedIn().getAccessToken());
        var kid = real.getHeader().getKeyID();
        var admin = new JWTClaimsSet.Builder(real.getJWTClaimsSet())
                .claim("roles", List.of("admin"))
                .expirationTime(Date.from(clock.instant().plusSeconds(600)))
                .build();
        var foreign = new RSAKeyGenerator(2048).generate();
        var jwks = OAuthForm.send(identity.oauth(), OAuthForm.request("GET", "/.well-known/jwks.json", ""));
        var publicKey =
                JWKSet.parse(jwks.body()).getKeys().getFirst().toRSAKey().toPublicKey();

        var forged = new ArrayList<String>();
        forged.add(signed(header(JWSAlgorithm.PS256, kid, "at+jwt"), admin, new RSASSASigner(foreign)));
        forged.add(signed(header(JWSAlgorithm.PS256, "unknown", "at+jwt"), admin, new RSASSASigner(foreign)));
        forged.add(signed(header(JWSAlgorithm.RS256, kid, "at+jwt"), admin, new RSASSASigner(foreign)));
        forged.add(signed(header(JWSAlgorithm.HS256, kid, "at+jwt"), admin, new MACSigner(publicKey.getEncoded())));
        var embedded = new JWSHeader.Builder(JWSAlgorithm.PS256)
                .type(new JOSEObjectType("at+jwt"))
                .jwk(foreign.toPublicJWK())
                .build();
        forged.add(signed(embedded, admin, new RSASSASigner(foreign)));
        var parts = real.serialize().split("\\.");
        forged.add(base64("{\"alg\":\"none\",\"typ\":\"at+jwt\"}") + "." + base64(admin.toString()) + ".");
        forged.add(parts[0] + "." + base64(admin.toString()) + "." + parts[2]);
        forged.add(parts[0] + "." + parts[1] + "." + parts[2].substring(0, parts[2].length() - 4) + "AAAA");
        forged.add(parts[0] + "." + parts[1] + ".");
        forged.add("nonsense");
        forged.add("a".repeat(9_000));
        for (var token : forged) {
            assertThatCall(() -> identity.users(token).getMe(GetMeRequest.getDefaultInstance()))
                    .as(token)
                    .fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
        }
    }

    @Test
    void isRefusedByOtherServicesHoweverOftenItsKeyIsUnknown() throws Exception {
        var channel = Channels.open("127.0.0.1:" + identity.server().port());
        try {
            var config = RunningIdentity.config(postgres.database(), Map.of());
            var verifier = new TokenVerifier(config.tokens(), RemoteKeys.of(channel), clock);
            var real = identity.loggedIn().getAccessToken();
            var claims = SignedJWT.parse(real).getJWTClaimsSet();
            var signer = new RSASSASigner(new RSAKeyGenerator(2048).generate());
            for (var i = 0; i < 10; i++) {
                var forged = signed(header(JWSAlgorithm.PS256, "unknown-" + i, "at+jwt"), claims, signer);
                assertThatThrownBy(() -> verifier.verify(forged)).hasMessageContaining("TOKEN_INVALID");
            }
            assertThat(verifier.verify(real)).isInstanceOf(Principal.User.class);
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void isRefusedWhenMeantForOthersOrFromOthers() {
        for (var setting : List.of("bank.identity.tokens.audience", "bank.identity.tokens.issuer")) {
            try (var other = RunningIdentity.start(postgres.database(), clock, Map.of(setting, "other"))) {
                var token = other.loggedIn().getAccessToken();
                assertThatCall(() -> identity.users(token).getMe(GetMeRequest.getDefaultInstance()))
                        .fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
            }
        }
    }

    @Test
    void letsUsersAndMachinesDoWhatTheyMay() {
        var machine = OAuthForm.post(
                        identity.oauth(), "abs-integration", "demo-secret-2026", "grant_type=client_credentials")
                .get("access_token");
        var client = demo("client@demo.test");
        assertThatCall(() -> identity.users(machine).getMe(GetMeRequest.getDefaultInstance()))
                .fails(Code.PERMISSION_DENIED, "USER_MISSING");
        var lookup = LookupUsersRequest.newBuilder().addIds(1).build();
        assertThatCall(() -> identity.users(machine).lookupUsers(lookup))
                .fails(Code.PERMISSION_DENIED, "SCOPE_MISSING");
        assertThatCall(() -> identity.users(client).lookupUsers(lookup)).fails(Code.PERMISSION_DENIED, "ROLE_MISSING");
        assertThat(identity.users(machine)
                        .listUserTypes(ListUserTypesRequest.getDefaultInstance())
                        .getEntriesCount())
                .isEqualTo(4);
    }

    @Test
    void tellsServicesWhichUsersExist() {
        try (var service = RunningIdentity.start(
                postgres.database(),
                clock,
                Map.of(
                        "bank.identity.clients.document-service.secret", "document-secret-1",
                        "bank.identity.clients.document-service.scopes", "users:read"))) {
            var token = OAuthForm.post(
                            service.oauth(), "document-service", "document-secret-1", "grant_type=client_credentials")
                    .get("access_token");
            var first = service.registered();
            var second = service.registered();
            var found = service.users(token)
                    .lookupUsers(LookupUsersRequest.newBuilder()
                            .addAllIds(List.of(second.getId(), Long.MAX_VALUE, first.getId(), 0L, -1L, first.getId()))
                            .build());
            assertThat(found.getUsersList()).containsExactly(reference(first.getId()), reference(second.getId()));
            for (var count : new int[] {0, 1_001}) {
                assertThatCall(() -> service.users(token)
                                .lookupUsers(LookupUsersRequest.newBuilder()
                                        .addAllIds(LongStream.range(0, count)
                                                .boxed()
                                                .toList())
                                        .build()))
                        .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                        .hasFieldViolation("ids");
            }
        }
    }

    @Test
    void namesTheDictionariesInRussianAndEnglish() {
        var users = identity.users(demo("client@demo.test"));
        var positions = users.listFinancialPositions(ListFinancialPositionsRequest.getDefaultInstance());
        assertThat(positions.getName()).isEqualTo("financial_positions");
        assertThat(positions.getEntriesList())
                .extracting(entry -> entry.getId() + " " + entry.getCode() + " " + entry.getNameRu())
                .containsExactly("1 stable стабильный", "2 critical критический", "3 watched под наблюдением");
        var types = users.listUserTypes(ListUserTypesRequest.getDefaultInstance());
        assertThat(types.getEntriesList())
                .extracting(entry -> entry.getId() + " " + entry.getCode() + " " + entry.getNameRu())
                .containsExactly(
                        "1 client клиент",
                        "2 dbo_operator оператор ДБО",
                        "3 employee сотрудник банка",
                        "4 admin администратор");
    }

    @Test
    void tellsEachRoleItsRights() {
        assertThat(rights("client@demo.test")).doesNotContain("documents:process", "users:write");
        assertThat(rights("employee@demo.test")).contains("documents:process").doesNotContain("users:write");
        assertThat(rights("admin@demo.test")).contains("documents:process", "users:write", "dictionaries:write");
    }

    private static List<String> rights(String email) {
        return identity.users(demo(email))
                .getMe(GetMeRequest.getDefaultInstance())
                .getRightsList();
    }

    private static String demo(String email) {
        return identity.login(email, "demo-Passw0rd-2026").getAccessToken();
    }

    private static UserReference reference(long id) {
        return UserReference.newBuilder()
                .setId(id)
                .setRole(Role.ROLE_CLIENT)
                .setStatus(UserStatus.USER_STATUS_ACTIVE)
                .build();
    }

    private static JWSHeader header(JWSAlgorithm algorithm, String kid, String type) {
        return new JWSHeader.Builder(algorithm)
                .keyID(kid)
                .type(new JOSEObjectType(type))
                .build();
    }

    private static String signed(JWSHeader header, JWTClaimsSet claims, JWSSigner signer) throws Exception {
        var token = new SignedJWT(header, claims);
        token.sign(signer);
        return token.serialize();
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
