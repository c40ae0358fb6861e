package bank.identity.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.domain.Authorizations.Page;
import bank.identity.model.CodeRequest;
import bank.identity.model.OAuthClient;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PagesTest {
    private static Page page(String name, String redirectUri, String... scopes) {
        var client = new OAuthClient("shop", name, false, false, Set.of(), Set.of(), List.of(), null, false);
        return new Page(
                client,
                new CodeRequest("shop", redirectUri, null, Set.of(scopes), null, "c", "", List.of()),
                "sealed-1");
    }

    @Test
    void showWhatOthersWroteAsText() {
        var page = page("<b>\"Shop\" & '%s'</b>", "https://shop.example/", "<i>");
        var signIn = Pages.signIn(Language.ENGLISH, page, "\"><i>@x.org", "");
        var consent = Pages.consent(Language.RUSSIAN, page, "<i>@x.org");
        assertThat(signIn)
                .contains(
                        "&lt;b&gt;&quot;Shop&quot; &amp; &#39;%s&#39;&lt;/b&gt;", "value=\"&quot;&gt;&lt;i&gt;@x.org\"")
                .doesNotContain("<b>", "<i>");
        assertThat(consent)
                .contains("<code>&lt;i&gt;</code>", "&lt;i&gt;@x.org")
                .doesNotContain("<b>", "<i>");
    }

    @Test
    void askForWhoHeIsBeforeWhatMayBeDoneForHim() {
        var page =
                page("Shop", "https://shop.example/", "contracts:read", "new", "profile", "documents:read", "openid");
        assertThat(Pages.consent(Language.ENGLISH, page, "a@x.org"))
                .containsSubsequence(
                        "<li>know that it is you",
                        "<li>see your name",
                        "<li>see your contracts",
                        "<li>see and download your documents",
                        "<li><code>new");
    }

    @ParameterizedTest
    @CsvSource({
        "https://shop.example/back?a=b, https://shop.example",
        "https://shop.example:8443/back, https://shop.example:8443",
        "http://127.0.0.1:51004/callback, http://127.0.0.1:51004",
        "http://[::1]:51004/callback, http:",
        "org.example.app:/back, org.example.app:",
        "org.example.app://host/back, org.example.app:"
    })
    void letTheirFormsLeadToTheClientAlone(String redirectUri, String source) {
        var page = page("Shop", redirectUri, "openid");
        assertThat(Pages.signIn(Language.ENGLISH, page, "", ""))
                .contains("content=\"form-action &#39;self&#39; " + source + "\"");
        assertThat(Pages.problem(Language.ENGLISH, "")).contains("content=\"form-action &#39;none&#39;\"");
    }
}
