package bank.identity.model;

import java.time.Instant;

/// A user who belongs to an organisation.
///
/// @param admin he administers it
/// @param createdAt since when he is a member
public record Member(
        long organizationId, long userId, EmailAddress email, PersonalName name, boolean admin, Instant createdAt) {}
