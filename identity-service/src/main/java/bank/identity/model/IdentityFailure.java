package bank.identity.model;

import java.time.Duration;
import java.util.Set;

/// What identity-service refuses, and why.
public sealed interface IdentityFailure {
    /// Somebody is registered under this e-mail.
    record EmailTaken() implements IdentityFailure {}

    /// E-mail and password do not belong together, or there is no such user.
    record BadCredentials() implements IdentityFailure {}

    /// The password is right, but the account may not sign in.
    record AccountBlocked() implements IdentityFailure {}

    /// So many sign-ins failed, for the account or from the address, that further ones have to wait.
    ///
    /// @param pause how long, in whole seconds
    record SignInPaused(Duration pause) implements IdentityFailure {}

    /// So many registrations came from the address that further ones have to wait.
    ///
    /// @param pause how long, in whole seconds
    record RegistrationPaused(Duration pause) implements IdentityFailure {}

    /// No such refresh token, or it is spent or ended.
    record RefreshTokenInvalid() implements IdentityFailure {}

    /// No such code, or it is spent or ended, or was given to another client or for another proof.
    record CodeInvalid() implements IdentityFailure {}

    /// The password is too easily guessed.
    ///
    /// @param description what is wrong with it
    record PasswordWeak(String description) implements IdentityFailure {}

    /// A field of the request makes no sense.
    ///
    /// @param field its name
    /// @param description what is wrong with it
    record FieldInvalid(String field, String description) implements IdentityFailure {}

    /// There is no such user.
    record AccountUnknown() implements IdentityFailure {}

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

    /// The id names a client, or one that was deleted.
    record ClientIdTaken() implements IdentityFailure {}

    /// No client has this id.
    record ClientUnknown() implements IdentityFailure {}

    /// The client is not for the registry to change.
    ///
    /// @param id its id
    record ClientProtected(String id) implements IdentityFailure {}

    /// The client keeps no secret.
    ///
    /// @param id its id
    record ClientWithoutSecret(String id) implements IdentityFailure {}

    /// What is refused of verifications.
    sealed interface OfVerification extends IdentityFailure {
        /// The user gave no identifier.
        record VerificationMissing(long userId) implements OfVerification {}

        /// The user is verified.
        record VerificationDone(long userId) implements OfVerification {}

        /// An answer of the registry is awaited.
        record VerificationPending(long userId) implements OfVerification {}

        /// The user asked for it so often that he has to wait before the next time.
        ///
        /// @param pause how long, in whole seconds
        record VerificationPaused(Duration pause) implements OfVerification {}

        /// A later request took the place of the one named.
        record VerificationSuperseded(long userId) implements OfVerification {}

        /// No request of the user is among the dead letters.
        record DeadLetterMissing(long userId) implements OfVerification {}
    }

    /// What is refused in the administration of users, sessions and organisations.
    sealed interface Administration extends IdentityFailure {
        /// There is no such thing, or the caller may not know of it.
        ///
        /// @param what e.g. `user 17`
        record Missing(String what) implements Administration {}

        /// The caller sees the user, but may not do this to him.
        ///
        /// @param description who may
        record UserForbidden(String description) implements Administration {}

        /// The caller may not change this field.
        ///
        /// @param field its name
        record FieldForbidden(String field) implements Administration {}

        /// The user's identity is verified or being verified, so that he may not change it.
        record IdentityVerified(long userId) implements Administration {}

        /// Nobody else is an administrator who may sign in.
        record LastAdmin(long userId) implements Administration {}

        /// The account's status cannot become that one.
        record StatusFixed(long userId, UserStatus status) implements Administration {}

        /// What was given as the present password is not.
        record PasswordWrong() implements Administration {}

        /// The caller sees the organisation, but does not administer it.
        ///
        /// @param description what he would have to administer
        record NotOrganizationAdmin(String description) implements Administration {}

        /// The organisation would be below itself.
        record OrganizationCycle(long organizationId) implements Administration {}

        /// An organisation would be deeper than `Organization.DEPTH_MAX`.
        record OrganizationTooDeep() implements Administration {}

        /// Nobody else administers the organisation.
        record LastOrganizationAdmin(long organizationId) implements Administration {}

        /// The user belongs to as many organisations as one may.
        record TooManyOrganizations(long userId) implements Administration {}
    }
}
