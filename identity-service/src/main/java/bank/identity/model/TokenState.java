package bank.identity.model;

import java.time.Instant;
import java.util.List;

/// A token that holds.
public sealed interface TokenState {
    /// An access token.
    record Access(IssuedToken token) implements TokenState {}

    /// A refresh token.
    ///
    /// @param subject number of the user
    /// @param clientId client it was given to
    /// @param session session it belongs to
    /// @param roles role of the user
    record Refresh(
            String subject, String clientId, String session, List<String> roles, Instant issuedAt, Instant endsAt)
            implements TokenState {
        public Refresh {
            roles = List.copyOf(roles);
        }
    }
}
