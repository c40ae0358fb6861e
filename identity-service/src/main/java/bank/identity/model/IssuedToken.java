package bank.identity.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an access token says.
///
/// @param id its `jti`
/// @param subject number of a user, or id of a client that acts for itself
/// @param clientId client it was given to
/// @param session session of the user, its `sid`; null in a token of a client that acts for itself
/// @param roles role of the user
/// @param organizations numbers of the organisations of the user, its `org`
/// @param scope what it allows, parted by spaces; null when nothing is said of scopes
/// @param confirmation the key it is bound to, its `cnf`; null when it is bound to none
public record IssuedToken(
        String id,
        String subject,
        String clientId,
        List<String> audience,
        Instant issuedAt,
        Instant endsAt,
        @Nullable String session,
        List<String> roles,
        List<Long> organizations,
        @Nullable String scope,
        @Nullable Map<String, Object> confirmation) {

    public IssuedToken {
        audience = List.copyOf(audience);
        roles = List.copyOf(roles);
        organizations = List.copyOf(organizations);
    }
}
