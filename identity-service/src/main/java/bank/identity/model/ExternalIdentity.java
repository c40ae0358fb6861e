package bank.identity.model;

import java.time.Instant;

/// A user's account at another issuer.
///
/// @param id number of the link
/// @param userId user here
/// @param issuer URL of the issuer
/// @param subject what the issuer knows him by
/// @param provisioned the user was made at first sight of the account, and his role follows it
/// @param email his e-mail as the issuer told it at first sight, or empty
public record ExternalIdentity(
        long id, long userId, String issuer, String subject, boolean provisioned, String email, Instant createdAt) {}
