package bank.identity.model;

/// Ways a client may get tokens (RFC 6749).
public enum Grant {
    /// A user's name and password.
    PASSWORD,
    /// A refresh token.
    REFRESH_TOKEN,
    /// The client's own credentials.
    CLIENT_CREDENTIALS,
    /// A code from the sign-in page.
    AUTHORIZATION_CODE
}
