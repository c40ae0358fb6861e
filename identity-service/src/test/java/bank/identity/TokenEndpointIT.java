package bank.identity;

import static bank.identity.OAuthForm.header;
import static bank.identity.OAuthForm.post;
import static bank.identity.OAuthForm.request;
import static bank.identity.OAuthForm.send;
import static bank.testing.StatusAssert.assertThatCall;
import static java.net.URLEncoder.encode;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.PostgresExtension;
import bank.v1.GetMeRequest;
import bank.v1.LookupUsersRequest;
import bank.v1.RawHttpRequest;
import bank.v1.RefreshRequest;
import com.google.protobuf.ByteString;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.Status.Code;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenEndpointIT {
    private static final String SECRET = "s3cret of 16+ :&=ы";

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static RunningIdentity identity;

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(
                postgres.database(),
                Clock.systemUTC(),
                Map.of(
                        "bank.identity.clients.contract-service.secret",
                        SECRET,
                        "bank.identity.clients.contract-service.scopes",
                        "users:read,documents:hold"));
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&client_id=bank-cli", "&scope="})
    void givesUsersTokensByPassword(String more) {
        var user = identity.registered();
        var answer = post(
                identity.oauth(),
                "grant_type=password&username=" + encode(user.getEmail(), UTF_8) + "&password="
                        + encode(RunningIdentity.PASSWORD, UTF_8) + more);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualTo("application/json");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        assertThat(answer.json()).containsOnlyKeys("access_token", "refresh_token", "token_type", "expires_in");
        assertThat(answer.get("token_type")).isEqualTo("Bearer");
        assertThat(answer.get("expires_in")).isEqualTo("600");
        var me = identity.users(answer.get("access_token")).getMe(GetMeRequest.getDefaultInstance());
        assertThat(me.getUser().getId()).isEqualTo(user.getId());
    }

    @Test
    void refreshesTokensOfEitherWay() {
        var first = identity.loggedIn();
        var second = post(identity.oauth(), "grant_type=refresh_token&refresh_token=" + first.getRefreshToken());
        assertThat(second.status()).isEqualTo(200);
        var third = identity.auth()
                .refresh(RefreshRequest.newBuilder()
                        .setRefreshToken(second.get("refresh_token"))
                        .build());
        assertThat(third.getRefreshToken()).isNotEqualTo(second.get("refresh_token"));
    }

    @Test
    void givesMachinesTokensBySecretInHeaderOrForm() throws Exception {
        var form = "grant_type=client_credentials";
        var byHeader = post(identity.oauth(), "contract-service", encode(SECRET, UTF_8), form);
        var byForm =
                post(identity.oauth(), form + "&client_id=contract-service&client_secret=" + encode(SECRET, UTF_8));
        for (var answer : List.of(byHeader, byForm)) {
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.json()).containsOnlyKeys("access_token", "token_type", "expires_in", "scope");
            assertThat(answer.get("scope")).isEqualTo("documents:hold users:read");
        }
        var token = SignedJWT.parse(byHeader.get("access_token"));
        assertThat(token.getHeader().toJSONObject())
                .containsEntry("alg", "PS256")
                .containsEntry("typ", "at+jwt")
                .containsOnlyKeys("alg", "typ", "kid");
        assertThat(token.getJWTClaimsSet().getClaims())
                .containsEntry("iss", RunningIdentity.ISSUER)
                .containsEntry("aud", List.of("bank"))
                .containsEntry("sub", "contract-service")
                .containsEntry("client_id", "contract-service")
                .containsEntry("scope", "documents:hold users:read")
                .containsKeys("iat", "exp", "jti")
                .doesNotContainKeys("roles", "sid");
    }

    @Test
    void givesMachinesTheScopesTheyAskForAndNoOther() {
        var narrow = post(
                identity.oauth(),
                "contract-service",
                encode(SECRET, UTF_8),
                "grant_type=client_credentials&scope=documents%3Ahold");
        assertThat(narrow.get("scope")).isEqualTo("documents:hold");
        var lookup = LookupUsersRequest.newBuilder().addIds(1).build();
        assertThatCall(() -> identity.users(narrow.get("access_token")).lookupUsers(lookup))
                .fails(Code.PERMISSION_DENIED, "SCOPE_MISSING");

        var tooWide = post(
                identity.oauth(),
                "contract-service",
                encode(SECRET, UTF_8),
                "grant_type=client_credentials&scope=documents%3Ahold+documents%3Aprocess");
        assertThat(tooWide.status()).isEqualTo(400);
        assertThat(tooWide.error()).isEqualTo("invalid_scope");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "contract-service | wrong | grant_type=client_credentials",
                "nobody | wrong | grant_type=client_credentials",
                "bank-cli | wrong | grant_type=refresh_token&refresh_token=x",
            })
    void challengesClientsThatProveNothing(String id, String secret, String form) {
        var answer = post(identity.oauth(), id, secret, form);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.error()).isEqualTo("invalid_client");
        assertThat(answer.header("www-authenticate")).startsWith("Basic realm=");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "grant_type=password&username=nobody%40example.org&password=wrong-password | 400 | invalid_grant",
                "grant_type=password&username=a%00%40b&password=wrong-password | 400 | invalid_request",
                "grant_type=password&username=a%40example.org&password=b&scope=documents:read | 400 | invalid_scope",
                "grant_type=password&username=nobody | 400 | invalid_request",
                "grant_type=refresh_token&refresh_token=unknown | 400 | invalid_grant",
                "grant_type=refresh_token | 400 | invalid_request",
                "grant_type=client_credentials | 401 | invalid_client",
                "grant_type=client_credentials&client_id=bank-cli | 401 | invalid_client",
                "grant_type=password&username=a&password=b&client_id=contract-service | 401 | invalid_client",
                "grant_type=urn:example:other | 400 | unsupported_grant_type",
                "grant_type=authorization_code&code=x&client_id=bank-cli | 400 | unauthorized_client",
                "grant_type=password&username=a&username=c&password=b | 400 | invalid_request",
                "nothing=here | 400 | invalid_request",
            })
    void answersErrorsOfRfc6749(String form, int status, String error) {
        var answer = post(identity.oauth(), form);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.error()).isEqualTo(error);
        assertThat(answer.contentType()).isEqualTo("application/json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing=here | the parameter grant_type is missing; grant types are authorization_code, client_credentials, password, refresh_token, urn:ietf:params:oauth:grant-type:token-exchange",
                "grant_type=&username=a | the parameter grant_type is missing; grant types are authorization_code, client_credentials, password, refresh_token, urn:ietf:params:oauth:grant-type:token-exchange",
                "grant_type=Password | grant types are authorization_code, client_credentials, password, refresh_token, urn:ietf:params:oauth:grant-type:token-exchange",
                "grant_type=authorization_code | the grant type authorization_code needs code",
                "grant_type=password | the grant type password needs username and password",
                "grant_type=password&user=a&password=b | the grant type password needs username",
                "grant_type=password&username=a&password= | the grant type password needs password",
                "grant_type=refresh_token&refresh-token=a | the grant type refresh_token needs refresh_token",
                "grant_type=password&username=a&username=c&password=b | the parameter username is there more than once",
                "grant_type=password&username=a&password=b&%22=1&%22=2 | a parameter is there more than once",
                "grant_type=password&username=a&password=b&scope=x | tokens of users have no scopes: leave scope out",
                "grant_type=password&username=a&password=b&client_id=contract-service | the client is unknown or has not proved who it is",
                "grant_type=password&username=a&password=b&client_id=nobody | the client is unknown or has not proved who it is",
                "grant_type=password&username=a%40b.test&password=wrong-password | user name and password do not belong together",
                "grant_type=client_credentials | this grant type needs the client's id and secret, by HTTP Basic or as client_id and client_secret",
                "grant_type=password&username=a&password=b&resource=%78%78 | Illegal resource parameter: Must be an absolute URI without a fragment: xx",
            },
            quoteCharacter = '`')
    void tellsWhatIsWrongWithTheForm(String form, String description) {
        assertThat(post(identity.oauth(), form).get("error_description")).isEqualTo(description);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "grant_type=client_credentials&client_secret=x | the client has a secret by HTTP Basic and one as client_secret: send one of them",
                "grant_type=client_credentials&client_id=bank-cli | client_id is another client than that of HTTP Basic",
                "grant_type=client_credentials&scope=other | the client has not the scope it asks for; it has documents:hold, users:read",
                "grant_type=password&username=a&password=b | the client may not use this grant type; it may use client_credentials",
            })
    void tellsAClientThatProvedItselfWhatItHas(String form, String description) {
        var answer = post(identity.oauth(), "contract-service", encode(SECRET, UTF_8), form);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.get("error_description")).isEqualTo(description);
        var same = post(
                identity.oauth(),
                "contract-service",
                encode(SECRET, UTF_8),
                "grant_type=client_credentials&client_id=contract-service");
        assertThat(same.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic !!!", "Basic bm9jb2xvbg==", "Basic YTpiJXp6", "basic OmI="})
    void tellsWhatHttpBasicIs(String authorization) {
        var request = request("POST", "/token", "grant_type=client_credentials&client_id=contract-service")
                .addHeaders(header("authorization", authorization));

        assertInvalid("HTTP Basic is the base64 of id:secret, each of them percent-encoded", request);
    }

    @Test
    void tellsLongWordsOfAClientNobody() {
        var answer = post(identity.oauth(), "grant_type=password&username=a&password=b&resource=" + "x".repeat(300));
        assertThat(answer.error()).isEqualTo("invalid_target");
        assertThat(answer.get("error_description")).isEqualTo("a parameter cannot be read");
    }

    @Test
    void refusesGrantsTheClientHasNot() {
        var answer = post(
                identity.oauth(),
                "contract-service",
                encode(SECRET, UTF_8),
                "grant_type=password&username=a&password=b");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo("unauthorized_client");
    }

    @Test
    void refusesOtherBodiesThanForms() {
        var json = request("POST", "/token", "").addHeaders(header("content-type", "application/json"));
        json.setBody(ByteString.copyFromUtf8("{\"grant_type\":\"client_credentials\"}"));
        assertInvalid("the parameters come in the body, as application/x-www-form-urlencoded", json);

        var none = request("POST", "/token", "");
        assertInvalid("the parameters come in the body, as application/x-www-form-urlencoded", none);

        var long64 = request("POST", "/token", "grant_type=password&username=a&password=" + "b".repeat(64 * 1024));
        assertInvalid("the body is longer than 65536 bytes", long64);

        var twice = request("POST", "/token", "grant_type=client_credentials")
                .addHeaders(header("authorization", OAuthForm.basic("contract-service", SECRET)))
                .addHeaders(header("authorization", OAuthForm.basic("bank-cli", "x")));
        assertInvalid("the header authorization is there more than once", twice);
    }

    private static void assertInvalid(String description, RawHttpRequest.Builder request) {
        var answer = send(identity.oauth(), request);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo("invalid_request");
        assertThat(answer.get("error_description")).isEqualTo(description);
    }

    @Test
    void takesNoParametersFromTheQuery() {
        assertInvalid(
                "the parameter grant_type is missing: parameters come in the body, not in the query;"
                        + " grant types are authorization_code, client_credentials, password, refresh_token,"
                        + " urn:ietf:params:oauth:grant-type:token-exchange",
                request("POST", "/token", "nothing=here").setQuery("grant_type=client_credentials"));
    }

    @Test
    void publishesPublicKeysOnly() throws Exception {
        var answer = send(identity.oauth(), request("GET", "/.well-known/jwks.json", ""));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualTo("application/jwk-set+json");
        var keys = JWKSet.parse(answer.body()).getKeys();
        assertThat(keys).hasSize(1).noneMatch(key -> key.isPrivate());
        assertThat(keys.getFirst().toJSONObject())
                .containsEntry("alg", "PS256")
                .containsEntry("use", "sig")
                .containsEntry("kty", "RSA");
        var token = SignedJWT.parse(identity.loggedIn().getAccessToken());
        assertThat(token.getHeader().getKeyID()).isEqualTo(keys.getFirst().getKeyID());
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /token, 405",
        "POST, /.well-known/jwks.json, 405",
        "POST, /tokens, 404",
        "POST, /.well-known/openid-configuration, 405",
        "GET, /oauth2/authorize/, 404",
    })
    void answersNothingElse(String method, String path, int status) {
        assertThat(send(identity.oauth(), request(method, path, "")).status()).isEqualTo(status);
    }
}
