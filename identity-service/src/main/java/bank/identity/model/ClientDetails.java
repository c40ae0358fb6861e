package bank.identity.model;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What administrators say of an OAuth client.
///
/// @param name what people are shown
/// @param grants how it may get tokens
/// @param scopes what it may do when it acts for itself, or for users who let it
/// @param redirectUris where the sign-in page may send a user back to
/// @param jwks public keys it signs its assertions with, a JWK set; null when it does not
/// @param dpopBound it takes tokens bound to a key alone
public record ClientDetails(
        String name,
        Set<Grant> grants,
        Set<String> scopes,
        List<String> redirectUris,
        @Nullable String jwks,
        boolean dpopBound) {

    public ClientDetails {
        grants = Set.copyOf(grants);
        scopes = Set.copyOf(scopes);
        redirectUris = List.copyOf(redirectUris);
    }

    /// A session of the client as it was before may do what the client as it is now may not.
    public boolean narrows(ClientDetails before) {
        return !scopes.containsAll(before.scopes)
                || !grants.containsAll(before.grants)
                || (dpopBound && !before.dpopBound);
    }
}
