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
    REFRESH_TOKEN_REUSED
}
