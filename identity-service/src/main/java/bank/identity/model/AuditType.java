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
    /// All sessions of a user were ended, or all but one.
    SESSIONS_ENDED,
    /// Somebody made a user.
    USER_CREATED,
    /// What is known of a user was changed.
    USER_UPDATED,
    /// A user was given another role.
    USER_ROLE_CHANGED,
    /// An account was blocked, or may sign in again, or its owner is dead.
    USER_STATUS_CHANGED,
    /// A user changed his password.
    PASSWORD_CHANGED,
    /// A user could not tell his present password.
    PASSWORD_CHANGE_REFUSED,
    /// An administrator set a user's password.
    PASSWORD_RESET,
    /// An organisation was made.
    ORGANIZATION_CREATED,
    /// An organisation was changed or moved.
    ORGANIZATION_UPDATED,
    /// A user became a member of an organisation, or administers it from now on, or no longer.
    ORGANIZATION_MEMBER_SET,
    /// A user is no longer a member of an organisation.
    ORGANIZATION_MEMBER_REMOVED
}
