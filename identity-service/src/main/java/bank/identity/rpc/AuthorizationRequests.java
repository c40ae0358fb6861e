package bank.identity.rpc;

import bank.identity.model.CodeRequest;
import bank.identity.model.EmailAddress;
import bank.identity.model.Grant;
import bank.identity.model.OAuthClient;
import bank.identity.model.RedirectUris;
import bank.identity.model.UserScope;
import com.nimbusds.oauth2.sdk.AuthorizationRequest;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.OIDCError;
import com.nimbusds.openid.connect.sdk.Prompt;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Judges authorization requests (RFC 6749, section 4.1.1; RFC 7636; RFC 9700; OpenID Connect Core 1.0). Only the code
/// flow is taken, its answer in the query, and only with a challenge by S256.
final class AuthorizationRequests {
    private static final Pattern STATE = Pattern.compile("[ -~]{0,1024}");
    private static final Pattern NONCE = Pattern.compile("[ -~]{1,512}");
    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Pattern AGE = Pattern.compile("[0-9]{1,9}");
    private static final int LANGUAGES_MAX = 10;

    /// What comes of a request.
    sealed interface Reading {
        /// The user is to be asked.
        record Good(OAuthClient client, CodeRequest request) implements Reading {}

        /// The client is told what is wrong.
        record Wrong(String redirectUri, @Nullable String state, ErrorObject error) implements Reading {}

        /// Nobody but the user is told: where the answer would go is not known to be the client's.
        record Stray(Cause cause) implements Reading {}
    }

    /// Why a request has no address to answer to.
    enum Cause {
        /// The request cannot be read.
        MALFORMED,
        /// There is no such client.
        CLIENT,
        /// The client has no such redirect URI.
        REDIRECT_URI
    }

    private final Function<String, Optional<OAuthClient>> clients;

    /// @param clients finds a client by its id
    AuthorizationRequests(Function<String, Optional<OAuthClient>> clients) {
        this.clients = clients;
    }

    /// Judges a request by its parameters.
    Reading read(Map<String, List<String>> parameters) {
        var id = sole(parameters, "client_id");
        var redirectUri = sole(parameters, "redirect_uri");
        if (id == null || ControlCharacters.in(id)) {
            return new Reading.Stray(Cause.MALFORMED);
        }
        var client = clients.apply(id).orElse(null);
        if (client == null) {
            return new Reading.Stray(Cause.CLIENT);
        }
        if (redirectUri == null || !RedirectUris.allow(client.redirectUris(), redirectUri)) {
            return new Reading.Stray(Cause.REDIRECT_URI);
        }
        var state = sole(parameters, "state");
        if (state != null && !STATE.matcher(state).matches()) {
            return new Reading.Wrong(redirectUri, null, invalid("state: up to 1024 printable ASCII characters"));
        }
        try {
            return new Reading.Good(client, request(client, redirectUri, state, parameters));
        } catch (ParseException e) {
            var error = e.getErrorObject();
            return new Reading.Wrong(redirectUri, state, error == null ? OAuth2Error.INVALID_REQUEST : error);
        }
    }

    private static CodeRequest request(
            OAuthClient client, String redirectUri, @Nullable String state, Map<String, List<String>> parameters)
            throws ParseException {
        if (ControlCharacters.in(parameters)) {
            throw wrong(invalid("a parameter has a control character"));
        }
        for (var parameter : parameters.entrySet()) {
            if (parameter.getValue().size() != 1) {
                throw wrong(invalid("a parameter is repeated"));
            }
        }
        if (!client.grants().contains(Grant.AUTHORIZATION_CODE)) {
            throw wrong(OAuth2Error.UNAUTHORIZED_CLIENT.setDescription("the client may not ask for codes"));
        }
        refuseUnsupported(parameters);
        checkProof(parameters);
        var scopes = scopes(client, sole(parameters, "scope"));
        var oidc = scopes.contains(UserScope.OPENID.value());
        AuthorizationRequest parsed =
                oidc ? AuthenticationRequest.parse(parameters) : AuthorizationRequest.parse(parameters);
        var prompt = parsed.getPrompt();
        if (prompt != null && prompt.contains(Prompt.Type.NONE)) {
            // Every sign-in asks for the password.
            throw wrong(OIDCError.LOGIN_REQUIRED);
        }
        return new CodeRequest(
                client.id(),
                redirectUri,
                state,
                scopes,
                sole(parameters, "nonce"),
                parsed.getCodeChallenge().getValue(),
                hint(sole(parameters, "login_hint")),
                languages(sole(parameters, "ui_locales")));
    }

    private static void refuseUnsupported(Map<String, List<String>> parameters) throws ParseException {
        if (parameters.containsKey("request")) {
            throw wrong(OAuth2Error.REQUEST_NOT_SUPPORTED);
        }
        if (parameters.containsKey("request_uri")) {
            throw wrong(OAuth2Error.REQUEST_URI_NOT_SUPPORTED);
        }
        if (parameters.containsKey("registration")) {
            throw wrong(OIDCError.REGISTRATION_NOT_SUPPORTED);
        }
        var type = sole(parameters, "response_type");
        if (type == null) {
            throw wrong(invalid("response_type is missing"));
        }
        if (!type.equals("code")) {
            throw wrong(OAuth2Error.UNSUPPORTED_RESPONSE_TYPE.setDescription("response_type must be code"));
        }
        var mode = sole(parameters, "response_mode");
        if (mode != null && !mode.equals("query")) {
            throw wrong(invalid("response_mode must be query"));
        }
        var age = sole(parameters, "max_age");
        if (age != null && !AGE.matcher(age).matches()) {
            throw wrong(invalid("max_age must be a number of seconds"));
        }
        var nonce = sole(parameters, "nonce");
        if (nonce != null && !NONCE.matcher(nonce).matches()) {
            throw wrong(invalid("nonce: 1 to 512 printable ASCII characters"));
        }
    }

    /// A challenge by `plain`, which is also meant when no method is named, would protect nothing.
    private static void checkProof(Map<String, List<String>> parameters) throws ParseException {
        var challenge = sole(parameters, "code_challenge");
        if (challenge == null || !CHALLENGE.matcher(challenge).matches()) {
            throw wrong(invalid("code_challenge must be the SHA-256 of a code_verifier, base64url"));
        }
        if (!"S256".equals(sole(parameters, "code_challenge_method"))) {
            throw wrong(invalid("code_challenge_method must be S256"));
        }
    }

    private static Set<String> scopes(OAuthClient client, @Nullable String text) throws ParseException {
        var parsed = Scope.parse(text == null ? "" : text);
        var scopes = Set.copyOf(parsed.toStringList());
        if (scopes.isEmpty() && !client.firstParty()) {
            throw wrong(OAuth2Error.INVALID_SCOPE.setDescription("ask for a scope"));
        }
        if (!client.mayAskFor(scopes)) {
            throw wrong(OAuth2Error.INVALID_SCOPE.setDescription("the client has not the scope it asks for"));
        }
        return scopes;
    }

    private static String hint(@Nullable String text) {
        return text == null
                ? ""
                : EmailAddress.parse(text).map(EmailAddress::value).orElse("");
    }

    private static List<String> languages(@Nullable String text) {
        return text == null
                ? List.of()
                : List.of(text.split(" ")).stream().limit(LANGUAGES_MAX).toList();
    }

    private static @Nullable String sole(Map<String, List<String>> parameters, String name) {
        var values = parameters.get(name);
        return values == null || values.size() != 1 ? null : values.getFirst();
    }

    private static ErrorObject invalid(String description) {
        return OAuth2Error.INVALID_REQUEST.setDescription(description);
    }

    private static ParseException wrong(ErrorObject error) {
        return new ParseException(String.valueOf(error.getDescription()), error);
    }
}
