package bank.identity.model;

import java.util.Set;

/// What identity-service refuses, and why.
public sealed interface IdentityFailure {
    /// Somebody is registered under this e-mail.
    record EmailTaken() implements IdentityFailure {}

    /// E-mail and password do not belong together, or there is no such user.
    record BadCredentials() implements IdentityFailure {}

    /// The password is right, but the account may not sign in.
    record AccountBlocked() implements IdentityFailure {}

    /// No such refresh token, or it is spent or ended.
    record RefreshTokenInvalid() implements IdentityFailure {}

    /// The password is too easily guessed.
    ///
    /// @param description what is wrong with it
    record PasswordWeak(String description) implements IdentityFailure {}

    /// A field of the request makes no sense.
    ///
    /// @param field its name
    /// @param description what is wrong with it
    record FieldInvalid(String field, String description) implements IdentityFailure {}

    /// The caller's user is no longer there.
    record UserUnknown() implements IdentityFailure {}

    /// More passwords wait to be checked than can be within the call's time.
    record Overloaded() implements IdentityFailure {}

    /// The client is unknown or did not prove who it is.
    record ClientRefused() implements IdentityFailure {}

    /// The client may not use this grant.
    ///
    /// @param had grants it may use
    record GrantRefused(Set<Grant> had) implements IdentityFailure {}

    /// The token is bound to a key, or the client takes no others, and no proof of that key came along.
    record ProofRequired() implements IdentityFailure {}

    /// A token of another issuer is not taken.
    ///
    /// @param description why
    record SubjectTokenRefused(String description) implements IdentityFailure {}

    /// The account at another issuer is somebody's already.
    record IdentityLinked() implements IdentityFailure {}

    /// There is no such link to an account at another issuer.
    record IdentityUnknown() implements IdentityFailure {}

    /// The client asks for a scope it does not have.
    ///
    /// @param had scopes it has
    record ScopeRefused(Set<String> had) implements IdentityFailure {}
}
