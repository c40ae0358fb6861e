package bank.identity.model;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// A user, without his password.
///
/// @param id number, above zero
/// @param phoneNumber E.164, or empty
/// @param taxNumber Russian INN, or empty
/// @param verificationReason why the verification was rejected; only then
/// @param version counts the changes; the etag
public record User(
        long id,
        EmailAddress email,
        PersonalName name,
        @Nullable LocalDate birthday,
        Sex sex,
        String address,
        String phoneNumber,
        String taxNumber,
        @Nullable FinancialPosition financialPosition,
        Role role,
        UserStatus status,
        VerificationStatus verification,
        @Nullable String verificationReason,
        Instant createdAt,
        long version) {
    /// Version in the form of an entity tag.
    public String etag() {
        return Long.toString(version);
    }
}
