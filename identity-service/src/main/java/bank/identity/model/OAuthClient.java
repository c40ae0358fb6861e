package bank.identity.model;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A program that asks for tokens.
///
/// @param id its id, e.g. `abs-integration`
/// @param name what people are shown
/// @param confidential it keeps a secret or a key and must prove it
/// @param firstParty it is the bank's own: users are not asked whether it may act for them, and it may do whatever
///     they may
/// @param scopes what it may do when it acts for itself, or for users who let it
/// @param grants how it may get tokens
/// @param redirectUris where the sign-in page may send a user back to, compared letter by letter
/// @param jwks public keys it signs its assertions with, a JWK set; null when it does not
/// @param dpopBound it takes tokens bound to a key alone
public record OAuthClient(
        String id,
        String name,
        boolean confidential,
        boolean firstParty,
        Set<String> scopes,
        Set<Grant> grants,
        List<String> redirectUris,
        @Nullable String jwks,
        boolean dpopBound) {
    /// The bank's own public client, for those who name none.
    public static final String DEFAULT_ID = "bank-cli";

    public OAuthClient {
        scopes = Set.copyOf(scopes);
        grants = Set.copyOf(grants);
        redirectUris = List.copyOf(redirectUris);
    }

    /// It may do that by itself, whoever it is for.
    public boolean actsForItself(String scope) {
        return grants.contains(Grant.CLIENT_CREDENTIALS) && scopes.contains(scope);
    }

    /// It may ask a user for each of these scopes.
    public boolean mayAskFor(Set<String> wanted) {
        return wanted.stream()
                .allMatch(scope ->
                        UserScope.isOpenIdConnect(scope) || (scopes.contains(scope) && UserScope.isForUsers(scope)));
    }
}
