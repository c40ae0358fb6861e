package bank.identity.model;

import java.util.Set;

/// A machine client as the configuration describes it: it acts for itself, by its secret.
///
/// @param id its name
/// @param secret its secret, at least 16 characters
/// @param scopes what it may do
public record ClientRegistration(String id, Password secret, Set<String> scopes) {
    /// Shortest secret allowed.
    public static final int SECRET_LENGTH_MIN = 16;

    public ClientRegistration {
        scopes = Set.copyOf(scopes);
    }
}
