package bank.identity.model;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// What is known of a person.
///
/// @param phoneNumber E.164, or empty
/// @param taxNumber Russian INN, or empty
public record Profile(
        PersonalName name,
        @Nullable LocalDate birthday,
        Sex sex,
        String address,
        String phoneNumber,
        String taxNumber,
        @Nullable FinancialPosition financialPosition) {}
