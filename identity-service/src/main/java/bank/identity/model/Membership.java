package bank.identity.model;

/// An organisation a user belongs to.
///
/// @param admin he administers it
public record Membership(long organizationId, String name, boolean admin) {
    /// Most organisations a user belongs to.
    public static final int COUNT_MAX = 100;
}
