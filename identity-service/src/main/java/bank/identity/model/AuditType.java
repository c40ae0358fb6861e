package bank.identity.model;

/// What an audit event tells of.
public enum AuditType {
    /// A user registered.
    REGISTERED,
    /// A session was opened.
    SIGNED_IN,
    /// A password was wrong, or its account may not sign in.
    SIGN_IN_REFUSED,
    /// A session was ended.
    SESSION_ENDED,
    /// A spent refresh token was used, which ended its session.
    REFRESH_TOKEN_REUSED,
    /// A user was linked to an account at another issuer, or made for one.
    IDENTITY_LINKED,
    /// A link to an account at another issuer was undone.
    IDENTITY_UNLINKED,
    /// The role of a user made for an account at another issuer changed there.
    ROLE_FOLLOWED
}
