package bank.identity.model;

/// Whether an account may sign in.
///
/// @param reason why it may not, or empty
/// @param byOrganization it was no member of the bank's staff who blocked it
public record AccountStatus(UserStatus status, String reason, boolean byOrganization) {
    /// It may.
    public static final AccountStatus ACTIVE = new AccountStatus(UserStatus.ACTIVE, "", false);
}
