package bank.identity.model;

import java.util.Set;

/// A program that asks for tokens.
///
/// @param id its name, e.g. `abs-integration`
/// @param confidential it keeps a secret and must prove it
/// @param scopes what it may do when it acts for itself
/// @param grants how it may get tokens
public record OAuthClient(String id, boolean confidential, Set<String> scopes, Set<Grant> grants) {
    /// The bank's own public client, for those who name none.
    public static final String DEFAULT_ID = "bank-cli";

    public OAuthClient {
        scopes = Set.copyOf(scopes);
        grants = Set.copyOf(grants);
    }
}
