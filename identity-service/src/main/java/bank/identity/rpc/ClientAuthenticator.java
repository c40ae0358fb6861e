package bank.identity.rpc;

import bank.identity.domain.ClientProofs;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.OAuthClient;
import bank.identity.model.Password;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.PlainClientSecret;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tells which client sends a request: by `client_secret_basic`, `client_secret_post`, `private_key_jwt`, or by its id
/// alone when it is a public one.
public final class ClientAuthenticator {
    private final ClientProofs proofs;

    /// @param proofs how clients prove who they are
    public ClientAuthenticator(ClientProofs proofs) {
        this.proofs = proofs;
    }

    /// The client, once it has proved who it is.
    ///
    /// @param presented what it proves that by; null for nothing
    /// @param named the client it says it is when it presents nothing; null when it does not say
    /// @throws ParseException when it does so in two ways at once (RFC 6749, section 2.3)
    OAuthClient client(HTTPRequest http, @Nullable ClientAuthentication presented, @Nullable ClientID named)
            throws ParseException {
        var parameters = http.getBodyAsFormParameters();
        requireOneWay(http, parameters);
        if (presented == null) {
            if (named == null || asserts(parameters)) {
                throw refused();
            }
            return proofs.bySecret(named.getValue(), null, Callers.current());
        }
        var id = presented.getClientID().getValue();
        // The form has been looked at; the header and an assertion name a client too.
        if (ControlCharacters.in(id)) {
            throw OAuthRequests.malformed("the id of the client has a control character");
        }
        if (given(parameters, "client_id") && !List.of(id).equals(parameters.get("client_id"))) {
            throw OAuthRequests.malformed("client_id is another client");
        }
        return switch (presented) {
            case ClientSecretBasic basic -> bySecret(id, basic);
            case ClientSecretPost post -> bySecret(id, post);
            case PrivateKeyJWT assertion -> proofs.byAssertion(id, assertion.getClientAssertion(), Callers.current());
            default -> throw refused();
        };
    }

    private OAuthClient bySecret(String id, PlainClientSecret presented) {
        var secret = presented.getClientSecret().getValue();
        // RFC 6749, section 2.3.1: an empty secret is none.
        return proofs.bySecret(id, secret.isEmpty() ? null : new Password(secret), Callers.current());
    }

    private static void requireOneWay(HTTPRequest http, Map<String, List<String>> parameters) throws ParseException {
        var header = http.getAuthorization();
        var ways = 0;
        if (header != null && header.regionMatches(true, 0, "Basic ", 0, 6)) {
            ways++;
        }
        if (given(parameters, "client_secret")) {
            ways++;
        }
        if (asserts(parameters)) {
            ways++;
        }
        if (ways > 1) {
            throw OAuthRequests.malformed("the client authenticates in several ways");
        }
    }

    private static boolean asserts(Map<String, List<String>> parameters) {
        return given(parameters, "client_assertion") || given(parameters, "client_assertion_type");
    }

    private static boolean given(Map<String, List<String>> parameters, String name) {
        return parameters.getOrDefault(name, List.of()).stream().anyMatch(value -> !value.isEmpty());
    }

    private static IdentityException refused() {
        return new IdentityException(new IdentityFailure.ClientRefused());
    }
}
