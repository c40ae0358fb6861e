package bank.identity.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A user as a token of another issuer tells of him. Never printed.
///
/// @param issuer URL of the issuer
/// @param subject what the issuer knows him by
/// @param role what he is here, by what he is there; null: nothing
/// @param provision he becomes a user here at first sight
/// @param session what tells his session there from others: its name or, without one, the token's
/// @param key thumbprint of the key the token is bound to; null for a bearer token
/// @param issuedAt when the token was issued; null when it does not tell
/// @param end when the token ends
/// @param name his name as the issuer knows it
/// @param email his e-mail as the issuer knows it, or empty; never taken for proof of anything
public record ForeignUser(
        String issuer,
        String subject,
        @Nullable Role role,
        boolean provision,
        String session,
        @Nullable String key,
        @Nullable Instant issuedAt,
        Instant end,
        PersonalName name,
        String email) {
    @Override
    public String toString() {
        return "ForeignUser[" + issuer + "]";
    }
}
