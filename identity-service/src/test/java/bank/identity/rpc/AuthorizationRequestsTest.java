package bank.identity.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.model.Grant;
import bank.identity.model.OAuthClient;
import bank.identity.rpc.AuthorizationRequests.Cause;
import bank.identity.rpc.AuthorizationRequests.Reading;
import com.nimbusds.oauth2.sdk.util.URLUtils;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AuthorizationRequestsTest {
    private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    private static final String BASE =
            "response_type=code&client_id=shop&redirect_uri=https%3A%2F%2Fshop.example%2Fback" + "&code_challenge="
                    + CHALLENGE + "&code_challenge_method=S256&state=s1&scope=documents%3Aread";
    private static final Map<String, OAuthClient> CLIENTS = Map.of(
            "shop", client("shop", false, Grant.AUTHORIZATION_CODE),
            "web", client("web", true, Grant.AUTHORIZATION_CODE),
            "machine", client("machine", false, Grant.CLIENT_CREDENTIALS));

    private static OAuthClient client(String id, boolean firstParty, Grant grant) {
        return new OAuthClient(
                id,
                id,
                false,
                firstParty,
                Set.of("documents:read", "users:write"),
                Set.of(grant),
                List.of("https://shop.example/back"),
                null,
                false);
    }

    private static Reading read(String query) {
        return new AuthorizationRequests(id -> Optional.ofNullable(CLIENTS.get(id)))
                .read(URLUtils.parseParameters(query));
    }

    /// The query with a parameter of that name alone, or without one when it has no value.
    private static String with(String query, String pair) {
        var name = pair.substring(0, pair.indexOf('='));
        var rest = List.of(query.split("&")).stream()
                .filter(each -> !each.startsWith(name + "="))
                .toList();
        return String.join("&", rest) + (pair.endsWith("=") ? "" : "&" + pair);
    }

    @Test
    void areTakenWithAllTheySay() {
        var good = (Reading.Good) read(with(
                BASE + "&nonce=n1&login_hint=Ivan%40Example.org&ui_locales=fr+en&max_age=0&prompt=login+consent",
                "scope=openid email documents:read"));
        var request = good.request();
        assertThat(good.client().id()).isEqualTo("shop");
        assertThat(request.clientId()).isEqualTo("shop");
        assertThat(request.redirectUri()).isEqualTo("https://shop.example/back");
        assertThat(request.state()).isEqualTo("s1");
        assertThat(request.scopes()).containsExactlyInAnyOrder("openid", "email", "documents:read");
        assertThat(request.nonce()).isEqualTo("n1");
        assertThat(request.challenge()).isEqualTo(CHALLENGE);
        assertThat(request.loginHint()).isEqualTo("ivan@example.org");
        assertThat(request.languages()).containsExactly("fr", "en");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state=",
                "scope=openid",
                "response_mode=query",
                "prompt=consent",
                "prompt=select_account",
                "unknown=1",
                "claims_locales=ru",
                "display=page",
                "login_hint=no address"
            })
    void mayLeaveOutOrAdd(String pair) {
        assertThat(read(with(BASE, pair))).isInstanceOf(Reading.Good.class);
    }

    @Test
    void ofTheBankItselfNeedNoScope() {
        assertThat(read(with(with(BASE, "client_id=web"), "scope="))).isInstanceOf(Reading.Good.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "response_type=            | invalid_request",
                "response_type=token       | unsupported_response_type",
                "response_type=id_token    | unsupported_response_type",
                "response_type=code token  | unsupported_response_type",
                "response_type=code id_token | unsupported_response_type",
                "response_type=none        | unsupported_response_type",
                "response_mode=fragment    | invalid_request",
                "response_mode=form_post   | invalid_request",
                "response_mode=query.jwt   | invalid_request",
                "code_challenge=           | invalid_request",
                "code_challenge=short      | invalid_request",
                "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cMM | invalid_request",
                "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM | invalid_request",
                "code_challenge_method=    | invalid_request",
                "code_challenge_method=plain | invalid_request",
                "code_challenge_method=s256 | invalid_request",
                "scope=                    | invalid_scope",
                "scope=documents:process   | invalid_scope",
                "scope=users:write         | invalid_scope",
                "scope=documents:read offline_access | invalid_scope",
                "client_id=machine         | unauthorized_client",
                "prompt=none               | login_required",
                "prompt=none login         | invalid_request",
                "prompt=whatever           | invalid_request",
                "max_age=-1                | invalid_request",
                "max_age=soon              | invalid_request",
                "request=eyJhbGciOiJub25lIn0.e30. | request_not_supported",
                "request_uri=https://shop.example/r | request_uri_not_supported",
                "registration={}           | registration_not_supported",
                "nonce=%0A                 | invalid_request"
            })
    void areRefusedToTheClient(String pair, String error) {
        var wrong = (Reading.Wrong) read(with(BASE, pair));
        assertThat(wrong.error().getCode()).isEqualTo(error);
        assertThat(wrong.redirectUri()).isEqualTo("https://shop.example/back");
        assertThat(wrong.state()).isEqualTo("s1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "response_type=code",
                "scope=documents%3Aread",
                "code_challenge=" + CHALLENGE,
                "code_challenge_method=S256",
                "unknown=1&unknown=2",
                "nonce=a&nonce=b"
            })
    void areRefusedWithAnythingDoubled(String pair) {
        assertThat(((Reading.Wrong) read(BASE + "&" + pair)).error().getCode()).isEqualTo("invalid_request");
    }

    @Test
    void areRefusedWithoutTheirStateWhenThatIsDoubledOrNone() {
        for (var query :
                List.of(BASE + "&state=s2", with(BASE, "state=" + "a".repeat(1_025)), with(BASE, "state=%0A"))) {
            var wrong = (Reading.Wrong) read(query);
            assertThat(wrong.error().getCode()).isEqualTo("invalid_request");
            assertThat(wrong.state()).isNull();
        }
        assertThat(read(with(BASE, "state=" + "a".repeat(1_024)))).isInstanceOf(Reading.Good.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "client_id=                         | MALFORMED",
                "client_id=nobody                   | CLIENT",
                "client_id=SHOP                     | CLIENT",
                "redirect_uri=                      | REDIRECT_URI",
                "redirect_uri=https://evil.example/ | REDIRECT_URI",
                "redirect_uri=https://shop.example/back?a=b | REDIRECT_URI",
                "redirect_uri=https://shop.example/back%23a | REDIRECT_URI",
                "redirect_uri=https://shop.example/back%2F..%2Fback | REDIRECT_URI"
            })
    void thatMayComeFromSomebodyElseGoNowhere(String pair, Cause cause) {
        assertThat(read(with(BASE, pair))).isEqualTo(new Reading.Stray(cause));
    }

    @Test
    void withTwoClientsOrAddressesGoNowhere() {
        assertThat(read(BASE + "&client_id=shop")).isEqualTo(new Reading.Stray(Cause.MALFORMED));
        assertThat(read(BASE + "&redirect_uri=https%3A%2F%2Fshop.example%2Fback"))
                .isEqualTo(new Reading.Stray(Cause.REDIRECT_URI));
    }
}
