package bank.identity.keys;

import bank.identity.model.CodeRequest;
import bank.identity.model.ProvedUser;
import bank.identity.model.SignInForm;
import bank.identity.model.SignInForm.SignedIn;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Seals what the pages of the sign-in carry, so that a browser can neither read nor change it.
public final class SignInForms {
    private static final String PURPOSE = "sign-in-form";
    private static final int LENGTH_MAX = 32 * 1024;

    private final Vault vault;

    /// @param vault seals the forms
    public SignInForms(Vault vault) {
        this.vault = vault;
    }

    /// The form as a page carries it: base64url.
    public String seal(SignInForm form) {
        var request = form.request();
        var values = new HashMap<String, Object>();
        values.put("client", request.clientId());
        values.put("uri", request.redirectUri());
        values.put("state", request.state());
        values.put("scopes", List.copyOf(request.scopes()));
        values.put("nonce", request.nonce());
        values.put("challenge", request.challenge());
        values.put("hint", request.loginHint());
        values.put("languages", request.languages());
        values.put("code", form.code());
        values.put("browser", form.browser());
        values.put("at", form.madeAt().toString());
        var user = form.user();
        if (user != null) {
            values.put("user", user.id());
            values.put("epoch", user.user().epoch());
            values.put("signed", user.at().toString());
        }
        var json = JSONObjectUtils.toJSONString(values).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(vault.seal(json, PURPOSE));
    }

    /// The form a page carried; empty when it was not sealed here.
    public Optional<SignInForm> open(String sealed) {
        if (sealed.length() > LENGTH_MAX) {
            return Optional.empty();
        }
        try {
            var json = vault.open(Base64.getUrlDecoder().decode(sealed), PURPOSE);
            return Optional.of(form(JSONObjectUtils.parse(new String(json, StandardCharsets.UTF_8))));
        } catch (VaultException | IllegalArgumentException | ParseException e) {
            return Optional.empty();
        }
    }

    private static SignInForm form(Map<String, Object> values) throws ParseException {
        var request = new CodeRequest(
                text(values, "client"),
                text(values, "uri"),
                JSONObjectUtils.getString(values, "state"),
                Set.copyOf(JSONObjectUtils.getStringList(values, "scopes")),
                JSONObjectUtils.getString(values, "nonce"),
                text(values, "challenge"),
                text(values, "hint"),
                JSONObjectUtils.getStringList(values, "languages"));
        var user = values.containsKey("user")
                ? new SignedIn(
                        new ProvedUser(
                                JSONObjectUtils.getLong(values, "user"), JSONObjectUtils.getLong(values, "epoch")),
                        Instant.parse(text(values, "signed")))
                : null;
        return new SignInForm(
                request, text(values, "code"), text(values, "browser"), Instant.parse(text(values, "at")), user);
    }

    private static String text(Map<String, Object> values, String name) throws ParseException {
        return Objects.requireNonNull(JSONObjectUtils.getString(values, name), name);
    }
}
