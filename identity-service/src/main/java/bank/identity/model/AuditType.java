package bank.identity.model;

/// What an audit event tells of.
public enum AuditType {
    /// A user registered.
    REGISTERED,
    /// A session was opened.
    SIGNED_IN,
    /// A password was wrong, or its account may not sign in.
    SIGN_IN_REFUSED,
    /// So many sign-ins failed that further ones are refused for a time.
    SIGN_IN_PAUSED,
    /// The failed sign-ins of an account or an address were forgotten.
    SIGN_IN_PAUSE_LIFTED,
    /// A session was ended.
    SESSION_ENDED,
    /// A spent refresh token was used, which ended its session.
    REFRESH_TOKEN_REUSED,
    /// The start gave the configured administrator a password.
    ADMIN_PASSWORD_SET,
    /// The start stored a client of the configuration, or changed it.
    CLIENT_CONFIGURED,
    /// A key was made that will sign next.
    SIGNING_KEY_MADE,
    /// A key began to sign.
    SIGNING_KEY_ACTIVATED,
    /// A key stopped counting at once.
    SIGNING_KEY_WITHDRAWN
}
