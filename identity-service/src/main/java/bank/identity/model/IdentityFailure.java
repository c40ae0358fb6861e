package bank.identity.model;

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
    record GrantRefused() implements IdentityFailure {}

    /// The client asks for a scope it does not have.
    record ScopeRefused() implements IdentityFailure {}

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
