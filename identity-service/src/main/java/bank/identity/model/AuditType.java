package bank.identity.model;

/// What an audit event tells of.
public enum AuditType {
    /// A user registered.
    REGISTERED,
    /// So many registrations came from an address, or by one who administers an organisation, that further ones are
    /// refused for a time.
    REGISTRATION_PAUSED,
    /// A session was opened.
    SIGNED_IN,
    /// A password was wrong, or its account may not sign in.
    SIGN_IN_REFUSED,
    /// So many sign-ins failed that further ones are refused for a time.
    SIGN_IN_PAUSED,
    /// The failed sign-ins of an account or an address, and its registrations, were forgotten.
    SIGN_IN_PAUSE_LIFTED,
    /// A session was ended.
    SESSION_ENDED,
    /// A spent refresh token was used, which ended its session.
    REFRESH_TOKEN_REUSED,
    /// A good refresh token came from another client, without proof of the key it is bound to, or of a user who may not
    /// sign in.
    REFRESH_REFUSED,
    /// A user was linked to an account at another issuer, or made for one.
    IDENTITY_LINKED,
    /// A link to an account at another issuer was undone.
    IDENTITY_UNLINKED,
    /// The role of a user made for an account at another issuer changed there.
    ROLE_FOLLOWED,
    /// The role of such a user changed there, and he stays administrator here, for nobody else is one.
    ROLE_KEPT,
    /// A user's password was right, and he is asked whether a client may act for him.
    CONSENT_ASKED,
    /// A user signed in and let a client act for him: it got a code.
    CODE_ISSUED,
    /// A user did not let a client act for him.
    CONSENT_REFUSED,
    /// A spent code was used, which ended its session.
    CODE_REUSED,
    /// A genuine code came from another client, without its proof, for another place, or after its end or that of its
    /// user's or client's right to it.
    CODE_REFUSED,
    /// An OAuth client got a token for itself.
    CLIENT_SIGNED_IN,
    /// An OAuth client did not prove who it is.
    CLIENT_REFUSED,
    /// An OAuth client was registered.
    CLIENT_CREATED,
    /// An OAuth client was changed.
    CLIENT_CHANGED,
    /// An OAuth client got a new secret.
    CLIENT_SECRET_ROTATED,
    /// An OAuth client was deleted.
    CLIENT_DELETED,
    /// The start gave the configured administrator a password.
    ADMIN_PASSWORD_SET,
    /// The start stored a client of the configuration, or changed it.
    CLIENT_CONFIGURED,
    /// A key was made that will sign next.
    SIGNING_KEY_MADE,
    /// A key began to sign.
    SIGNING_KEY_ACTIVATED,
    /// A key stopped counting at once.
    SIGNING_KEY_WITHDRAWN,
    /// All sessions of a user were ended, or all but one.
    SESSIONS_ENDED,
    /// Somebody made a user.
    USER_CREATED,
    /// Somebody who wanted to make a user learned that another has the e-mail.
    EMAIL_TAKEN,
    /// What is known of a user was changed.
    USER_UPDATED,
    /// A user was given another role.
    USER_ROLE_CHANGED,
    /// An account was blocked, or may sign in again, or its owner is dead.
    USER_STATUS_CHANGED,
    /// A user changed his password.
    PASSWORD_CHANGED,
    /// An administrator set a user's password.
    PASSWORD_RESET,
    /// An organisation was made.
    ORGANIZATION_CREATED,
    /// An organisation was changed or moved.
    ORGANIZATION_UPDATED,
    /// A user became a member of an organisation, or administers it from now on, or no longer.
    ORGANIZATION_MEMBER_SET,
    /// A user is no longer a member of an organisation.
    ORGANIZATION_MEMBER_REMOVED,
    /// A registry is to be asked about a user.
    VERIFICATION_REQUESTED,
    /// A registry did not answer about a user: it is tried again, or the request came to the dead letters.
    VERIFICATION_DELAYED,
    /// A registry confirmed a user, or did not.
    VERIFICATION_COMPLETED,
    /// A request among the dead letters is to be tried again.
    VERIFICATION_REPLAYED,
    /// A user was said to have died: he may not sign in, though his sessions go on.
    SIGN_IN_HELD,
    /// He is not dead, and may sign in again.
    SIGN_IN_HOLD_LIFTED
}
