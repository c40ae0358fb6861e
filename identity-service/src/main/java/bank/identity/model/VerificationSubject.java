package bank.identity.model;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// What a registry compares.
///
/// @param birthday null when the user told none
public record VerificationSubject(
        Identifier identifier, PersonalName name, @Nullable LocalDate birthday) {}
