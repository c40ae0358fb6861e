package bank.identity;

import static bank.identity.OAuthForm.header;
import static bank.identity.OAuthForm.post;
import static bank.identity.OAuthForm.request;
import static bank.identity.OAuthForm.send;
import static bank.identity.RunningIdentity.PASSWORD;
import static bank.identity.TestBrowser.CALLBACK;
import static bank.identity.TestBrowser.VERIFIER;
import static bank.identity.TestBrowser.encoded;
import static bank.identity.TestBrowser.query;
import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.OAuthForm.Answer;
import bank.testing.PostgresExtension;
import bank.v1.User;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What clients learn of a user, and of the server.
final class UserInfoIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static RunningIdentity identity;
    private static User user;

    @BeforeAll
    static void start() throws Exception {
        identity = RunningIdentity.start(postgres.database(), Clock.systemUTC(), Map.of("bank.identity.demo", "true"));
        user = identity.registered();
        Sql.update(
                postgres.database(),
                "UPDATE bank_user SET first_name = 'Иван', middle_name = 'Сергеевич', last_name = 'Петров',"
                        + " birthday = '1985-06-15', sex = 'MALE', phone_number = '+79161234567',"
                        + " address = 'Москва, Арбат, 1' WHERE id = " + user.getId());
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    private static String token(String client, String scopes) {
        var browser = new TestBrowser(identity);
        var answer = browser.signIn(browser.open(query(client, scopes)), user.getEmail(), PASSWORD);
        var code = TestBrowser.code(client.equals("bank-web") ? answer : browser.decide(answer, "allow"));
        return post(
                        identity.oauth(),
                        "grant_type=authorization_code&client_id=" + client + "&code=" + code + "&redirect_uri="
                                + encoded(CALLBACK) + "&code_verifier=" + VERIFIER)
                .get("access_token");
    }

    private static Answer ask(String method, String authorization) {
        return send(
                identity.oauth(),
                request(method, "/oauth2/userinfo", "").addHeaders(header("authorization", authorization)));
    }

    @Test
    void tellsWhatTheScopesAllow() {
        var sub = Long.toString(user.getId());
        assertThat(ask("GET", "Bearer " + token("budget-app", "openid documents:read"))
                        .json())
                .isEqualTo(Map.of("sub", sub));
        assertThat(ask("POST", "bearer " + token("budget-app", "openid email phone"))
                        .json())
                .isEqualTo(Map.of(
                        "sub",
                        sub,
                        "email",
                        user.getEmail(),
                        "email_verified",
                        false,
                        "phone_number",
                        "+79161234567",
                        "phone_number_verified",
                        false));
        var answer = ask("GET", "Bearer " + token("budget-app", "openid profile address"));
        assertThat(answer.contentType()).isEqualTo("application/json");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        assertThat(answer.json())
                .isEqualTo(Map.of(
                        "sub", sub,
                        "name", "Иван Сергеевич Петров",
                        "given_name", "Иван",
                        "middle_name", "Сергеевич",
                        "family_name", "Петров",
                        "birthdate", "1985-06-15",
                        "gender", "male",
                        "address", Map.of("formatted", "Москва, Арбат, 1")));
    }

    @Test
    void tellsTheBanksOwnClientsEverything() {
        assertThat(ask("GET", "Bearer " + token("bank-web", "")).json())
                .containsKeys("sub", "name", "email", "phone_number", "address");
        var bare = identity.loggedIn().getAccessToken();
        assertThat(ask("GET", "Bearer " + bare).json()).containsOnlyKeys("sub", "email", "email_verified");
    }

    @Test
    void challengesWhoeverShowsNoGoodToken() throws Exception {
        var none = send(identity.oauth(), request("GET", "/oauth2/userinfo", ""));
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.header("www-authenticate")).isEqualTo("Bearer realm=\"bank\"");
        assertThat(ask("GET", OAuthForm.basic("a", "b")).header("www-authenticate"))
                .isEqualTo("Bearer realm=\"bank\"");

        var blocked = identity.registered();
        var token = identity.login(blocked.getEmail(), PASSWORD).getAccessToken();
        Sql.update(postgres.database(), "UPDATE bank_user SET status = 'BLOCKED' WHERE id = " + blocked.getId());
        for (var bad : List.of("nonsense", "", token)) {
            var answer = ask("GET", "Bearer " + bad);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.error()).isEqualTo("invalid_token");
            assertThat(answer.header("www-authenticate")).startsWith("Bearer ").contains("error=\"invalid_token\"");
        }
    }

    @Test
    void refusesTokensThatAreForSomethingElse() {
        var machine = post(identity.oauth(), "abs-integration", "demo-secret-2026", "grant_type=client_credentials")
                .get("access_token");
        for (var token : List.of(machine, token("budget-app", "email documents:read"))) {
            var answer = ask("GET", "Bearer " + token);
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.error()).isEqualTo("insufficient_scope");
            assertThat(answer.header("www-authenticate")).contains("error=\"insufficient_scope\"", "scope=\"openid\"");
        }
    }

    @Test
    void takesTheTokenInOneHeaderAlone() {
        var token = identity.loggedIn().getAccessToken();
        var answers = List.of(
                send(identity.oauth(), request("GET", "/oauth2/userinfo", "").setQuery("access_token=" + token)),
                send(identity.oauth(), request("POST", "/oauth2/userinfo", "access_token=" + token)),
                send(
                        identity.oauth(),
                        request("GET", "/oauth2/userinfo", "")
                                .setQuery("access_token=" + token)
                                .addHeaders(header("authorization", "Bearer " + token))));
        for (var answer : answers) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.error()).isEqualTo("invalid_request");
            assertThat(answer.header("www-authenticate")).contains("error=\"invalid_request\"");
        }
    }

    @Test
    void describesTheServerAsItIs() throws Exception {
        var oauth = send(identity.oauth(), request("GET", "/.well-known/oauth-authorization-server", ""));
        var openid = send(identity.oauth(), request("GET", "/.well-known/openid-configuration", ""));
        assertThat(oauth.status()).isEqualTo(200);
        assertThat(oauth.contentType()).isEqualTo("application/json");
        assertThat(oauth.json()).isEqualTo(openid.json());
        OIDCProviderMetadata.parse(openid.body());
        assertThat(openid.json())
                .containsEntry("issuer", RunningIdentity.ISSUER)
                .containsEntry("authorization_endpoint", RunningIdentity.ISSUER + "/oauth2/authorize")
                .containsEntry("token_endpoint", RunningIdentity.ISSUER + "/oauth2/token")
                .containsEntry("revocation_endpoint", RunningIdentity.ISSUER + "/oauth2/revoke")
                .containsEntry("introspection_endpoint", RunningIdentity.ISSUER + "/oauth2/introspect")
                .containsEntry(
                        "token_endpoint_auth_methods_supported",
                        List.of("none", "client_secret_basic", "client_secret_post", "private_key_jwt"))
                .containsEntry(
                        "introspection_endpoint_auth_methods_supported",
                        List.of("client_secret_basic", "client_secret_post", "private_key_jwt"))
                .containsEntry("token_endpoint_auth_signing_alg_values_supported", List.of("ES256", "PS256", "RS256"))
                .containsEntry("userinfo_endpoint", RunningIdentity.ISSUER + "/oauth2/userinfo")
                .containsEntry("jwks_uri", RunningIdentity.ISSUER + "/.well-known/jwks.json")
                .containsEntry("response_types_supported", List.of("code"))
                .containsEntry("response_modes_supported", List.of("query"))
                .containsEntry("code_challenge_methods_supported", List.of("S256"))
                .containsEntry("dpop_signing_alg_values_supported", List.of("ES256", "PS256"))
                .containsEntry("subject_types_supported", List.of("public"))
                .containsEntry("id_token_signing_alg_values_supported", List.of("PS256"))
                .containsEntry("authorization_response_iss_parameter_supported", true)
                .containsEntry("request_uri_parameter_supported", false);
    }

    @Test
    void answersTheMethodsOfEachPathAlone() {
        for (var path : List.of("/oauth2/userinfo", "/oauth2/authorize")) {
            assertThat(send(identity.oauth(), request("PUT", path, "")).status())
                    .isEqualTo(405);
        }
        assertThat(send(identity.oauth(), request("POST", "/.well-known/openid-configuration", ""))
                        .status())
                .isEqualTo(405);
    }
}
