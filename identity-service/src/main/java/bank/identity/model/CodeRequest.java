package bank.identity.model;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a client wants a user asked for, found in order (RFC 6749, section 4.1.1).
///
/// @param clientId who asks
/// @param redirectUri where the answer goes, one of the client's own
/// @param state given back with the answer; null when there is none
/// @param scopes what the client wants to do and know
/// @param nonce goes into the id token; null when there is none
/// @param challenge SHA-256 of the secret the client will prove itself with (RFC 7636), base64url
/// @param loginHint e-mail the page begins with; empty when there is none
/// @param languages languages the client wants the pages in, the best first
public record CodeRequest(
        String clientId,
        String redirectUri,
        @Nullable String state,
        Set<String> scopes,
        @Nullable String nonce,
        String challenge,
        String loginHint,
        List<String> languages) {
    public CodeRequest {
        scopes = Set.copyOf(scopes);
        languages = List.copyOf(languages);
    }
}
