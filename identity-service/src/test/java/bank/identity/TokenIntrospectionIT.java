package bank.identity;

import static bank.identity.OAuthForm.post;
import static bank.identity.OAuthForm.request;
import static bank.identity.OAuthForm.send;
import static java.net.URLEncoder.encode;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.ClientGrant;
import bank.v1.ClientType;
import bank.v1.CreateOAuthClientRequest;
import bank.v1.DeleteOAuthClientRequest;
import bank.v1.LogoutRequest;
import bank.v1.RefreshRequest;
import bank.v1.TokenPair;
import bank.v1.UpdateOAuthClientRequest;
import com.google.protobuf.FieldMask;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TokenIntrospectionIT {
    private static final String GATEWAY = "gateway";
    private static final String ORDINARY = "contract-service";
    private static final String SECRET = "a-secret-of-the-settings";

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TestClock clock = new TestClock(Instant.parse("2026-03-01T12:00:00Z"));
    private static RunningIdentity identity;

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(
                postgres.database(),
                clock,
                Map.of(
                        "bank.identity.clients.gateway.secret",
                        SECRET,
                        "bank.identity.clients.gateway.scopes",
                        "tokens:introspect",
                        "bank.identity.clients.contract-service.secret",
                        SECRET,
                        "bank.identity.clients.contract-service.scopes",
                        "users:read,documents:hold"));
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @Test
    void tellsOfAnAccessTokenOfAUser() throws Exception {
        var user = identity.registered();
        var tokens = identity.login(user.getEmail(), RunningIdentity.PASSWORD);
        var claims = SignedJWT.parse(tokens.getAccessToken()).getJWTClaimsSet();
        var answer = introspect(tokens.getAccessToken());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualTo("application/json");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        var now = clock.instant().getEpochSecond();
        assertThat(answer.json())
                .containsOnlyKeys(
                        "active", "token_type", "iss", "aud", "client_id", "sub", "iat", "exp", "jti", "sid", "roles")
                .containsEntry("active", true)
                .containsEntry("token_type", "Bearer")
                .containsEntry("iss", RunningIdentity.ISSUER)
                .containsEntry("client_id", "bank-cli")
                .containsEntry("sub", Long.toString(user.getId()))
                .containsEntry("iat", now)
                .containsEntry("exp", now + 600)
                .containsEntry("jti", claims.getJWTID())
                .containsEntry("sid", claims.getStringClaim("sid"))
                .containsEntry("roles", List.of("client"));
    }

    @Test
    void tellsOfARefreshToken() {
        var tokens = identity.loggedIn();
        var answer = introspect(tokens.getRefreshToken());
        var now = clock.instant().getEpochSecond();
        assertThat(answer.json())
                .containsOnlyKeys("active", "token_type", "iss", "client_id", "sub", "iat", "exp", "sid", "roles")
                .containsEntry("active", true)
                .containsEntry("token_type", "refresh_token")
                .containsEntry("client_id", "bank-cli")
                .containsEntry("iat", now)
                .containsEntry("exp", now + Duration.ofDays(30).toSeconds());
    }

    @Test
    void tellsOfAMachineToken() {
        var answer = introspect(machineToken(ORDINARY));
        assertThat(answer.json())
                .containsOnlyKeys(
                        "active", "token_type", "iss", "aud", "client_id", "sub", "iat", "exp", "jti", "scope")
                .containsEntry("sub", ORDINARY)
                .containsEntry("scope", "documents:hold users:read");
    }

    @Test
    void findsARefreshTokenInactiveOnceItIsReplaced() {
        var first = identity.loggedIn();
        var second = refresh(first);
        assertInactive(first.getRefreshToken());
        assertActive(second.getRefreshToken());
        assertActive(first.getAccessToken());
    }

    @Test
    void findsTokensInactiveWhenTheirTimeIsOver() {
        var tokens = identity.loggedIn();
        clock.advance(Duration.ofMinutes(10).minusSeconds(1));
        assertActive(tokens.getAccessToken());
        clock.advance(Duration.ofSeconds(1));
        assertInactive(tokens.getAccessToken());
        assertActive(tokens.getRefreshToken());
        clock.advance(Duration.ofDays(30).minusMinutes(10).minusSeconds(1));
        assertActive(tokens.getRefreshToken());
        clock.advance(Duration.ofSeconds(1));
        assertInactive(tokens.getRefreshToken());
    }

    @Test
    void findsTokensInactiveAtOnceWhenTheirSessionEnds() {
        var tokens = identity.loggedIn();
        identity.auth(tokens.getAccessToken()).logout(LogoutRequest.getDefaultInstance());
        assertInactive(tokens.getAccessToken());
        assertInactive(tokens.getRefreshToken());
    }

    @Test
    void findsTokensInactiveAtOnceWhenTheirUserIsBlockedOrHasAnotherRole() throws Exception {
        var user = identity.registered();
        var tokens = identity.login(user.getEmail(), RunningIdentity.PASSWORD);
        Sql.update(postgres.database(), "UPDATE bank_user SET status = 'BLOCKED' WHERE id = " + user.getId());
        assertInactive(tokens.getAccessToken());
        assertInactive(tokens.getRefreshToken());
        Sql.update(
                postgres.database(),
                "UPDATE bank_user SET status = 'ACTIVE', role = 'EMPLOYEE' WHERE id = " + user.getId());
        assertInactive(tokens.getAccessToken());
        assertActive(tokens.getRefreshToken());
    }

    @Test
    void findsMachineTokensInactiveAtOnceWhenTheirClientLosesAScopeOrIsDeleted() {
        var clients = identity.clients(identity.adminToken());
        var made = clients.createOAuthClient(CreateOAuthClientRequest.newBuilder()
                .setId("exchange")
                .setName("Exchange")
                .setType(ClientType.CLIENT_TYPE_SECRET)
                .addGrants(ClientGrant.CLIENT_GRANT_CLIENT_CREDENTIALS)
                .addScopes("documents:read")
                .build());
        var wide = post(identity.oauth(), "exchange", made.getSecret(), "grant_type=client_credentials")
                .get("access_token");
        assertActive(wide);
        clients.updateOAuthClient(UpdateOAuthClientRequest.newBuilder()
                .setId("exchange")
                .setUpdateMask(FieldMask.newBuilder().addPaths("scopes"))
                .build());
        assertInactive(wide);
        var narrow = post(identity.oauth(), "exchange", made.getSecret(), "grant_type=client_credentials")
                .get("access_token");
        assertActive(narrow);
        clients.deleteOAuthClient(
                DeleteOAuthClientRequest.newBuilder().setId("exchange").build());
        assertInactive(narrow);
    }

    @Test
    void tellsClientsThatActForUsersOfTheirOwnTokensAloneWhateverTheirScopes() throws Exception {
        Sql.update(postgres.database(), """
                INSERT INTO oauth_client (id, name, secret_hash, scopes, grants, redirect_uris)
                SELECT 'app', 'App', secret_hash, scopes, '{AUTHORIZATION_CODE}', '{https://app.example/}'
                FROM oauth_client WHERE id = 'gateway'""");
        var token = identity.loggedIn().getAccessToken();
        assertThat(OAuthForm.introspect(identity.oauth(), "app", SECRET, token).body())
                .isEqualTo("{\"active\":false}");
        assertThat(OAuthForm.introspect(identity.oauth(), GATEWAY, SECRET, token)
                        .get("active"))
                .isEqualTo("true");
    }

    @Test
    void tellsClientsWithoutTheScopeOfTheirOwnTokensAlone() {
        var tokens = identity.loggedIn();
        assertThat(OAuthForm.introspect(identity.oauth(), ORDINARY, SECRET, tokens.getAccessToken())
                        .body())
                .isEqualTo("{\"active\":false}");
        assertThat(OAuthForm.introspect(identity.oauth(), ORDINARY, SECRET, tokens.getRefreshToken())
                        .body())
                .isEqualTo("{\"active\":false}");
        assertThat(OAuthForm.introspect(identity.oauth(), ORDINARY, SECRET, machineToken(GATEWAY))
                        .body())
                .isEqualTo("{\"active\":false}");
        assertThat(OAuthForm.introspect(identity.oauth(), ORDINARY, SECRET, machineToken(ORDINARY))
                        .get("active"))
                .isEqualTo("true");
    }

    @Test
    void tellsNothingOfWhatIsNoToken() {
        var tokens = identity.loggedIn();
        for (var token : List.of(
                "unknown",
                "a.b.c",
                "x".repeat(10_000),
                tokens.getAccessToken().substring(0, tokens.getAccessToken().length() - 8) + "AAAAAAAA",
                tokens.getRefreshToken().substring(0, 70) + "AAAA")) {
            assertInactive(token);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "client_id=bank-cli&token=x, 401, invalid_client",
        "token=x, 401, invalid_client",
        "client_id=gateway&client_secret=wrong&token=x, 401, invalid_client",
        "client_id=gateway&client_secret=a-secret-of-the-settings, 400, invalid_request",
        "client_id=gateway&client_secret=a-secret-of-the-settings&token=x&token=y, 400, invalid_request",
    })
    void answersNobodyElse(String form, int status, String error) {
        var answer = send(identity.oauth(), request("POST", "/oauth2/introspect", form));
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.error()).isEqualTo(error);
    }

    @Test
    void takesNoTokenInPlaceOfTheClientsProof() {
        var answer = send(
                identity.oauth(),
                request("POST", "/oauth2/introspect", "token=" + encode("x", UTF_8))
                        .addHeaders(OAuthForm.header("authorization", "Bearer " + machineToken(GATEWAY))));
        assertThat(answer.status()).isEqualTo(401);
    }

    private static void assertActive(String token) {
        assertThat(introspect(token).get("active")).isEqualTo("true");
    }

    private static void assertInactive(String token) {
        assertThat(introspect(token).body()).isEqualTo("{\"active\":false}");
    }

    private static OAuthForm.Answer introspect(String token) {
        return OAuthForm.introspect(identity.oauth(), GATEWAY, SECRET, token);
    }

    private static String machineToken(String client) {
        return post(identity.oauth(), client, SECRET, "grant_type=client_credentials")
                .get("access_token");
    }

    private static TokenPair refresh(TokenPair tokens) {
        return identity.auth()
                .refresh(RefreshRequest.newBuilder()
                        .setRefreshToken(tokens.getRefreshToken())
                        .build());
    }
}
