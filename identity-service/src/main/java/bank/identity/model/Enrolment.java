package bank.identity.model;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// A user as somebody else describes him who makes him.
///
/// @param email e-mail address, not yet checked
/// @param phoneNumber E.164, or empty
/// @param organizationId organisation he becomes a member of; null: none
public record Enrolment(
        String email,
        Password password,
        Role role,
        PersonalName name,
        @Nullable LocalDate birthday,
        String phoneNumber,
        @Nullable Long organizationId) {}
