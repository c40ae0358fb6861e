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
/// @param statusReason why the account may not sign in, or empty
/// @param signInHold why it may not although its sessions go on, or empty
/// @param blockedByOrganization it was no member of the bank's staff who blocked him
/// @param madeBy organisation whose administrator made him; null: nobody's did
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
        String statusReason,
        String signInHold,
        boolean blockedByOrganization,
        @Nullable Long madeBy,
        long version) {
    /// Version in the form of an entity tag.
    public String etag() {
        return Long.toString(version);
    }

    /// Whether he may sign in.
    public AccountStatus accountStatus() {
        return new AccountStatus(status, statusReason, blockedByOrganization);
    }

    /// What is known of him as a person.
    public Profile profile() {
        return new Profile(name, birthday, sex, address, phoneNumber, taxNumber, financialPosition);
    }

    /// As those see him who are not of the bank's staff.
    public User withoutNotes() {
        return new User(
                id,
                email,
                name,
                birthday,
                sex,
                address,
                phoneNumber,
                taxNumber,
                financialPosition,
                role,
                status,
                verification,
                verificationReason,
                createdAt,
                "",
                "",
                false,
                null,
                version);
    }

    /// As those see him who administer an organisation he belongs to.
    public User asMember() {
        return new User(
                id,
                email,
                name,
                null,
                Sex.UNKNOWN,
                "",
                phoneNumber,
                "",
                null,
                role,
                status,
                verification,
                null,
                createdAt,
                "",
                "",
                false,
                null,
                version);
    }
}
