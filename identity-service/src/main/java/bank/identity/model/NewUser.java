package bank.identity.model;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// A user about to be stored.
///
/// @param phoneNumber E.164, or empty
public record NewUser(
        EmailAddress email, PersonalName name, @Nullable LocalDate birthday, String phoneNumber, Role role) {}
