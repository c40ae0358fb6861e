package bank.identity.rpc;

import bank.identity.model.IdentityFailure.Administration;
import bank.identity.model.Membership;
import bank.identity.model.Organization;
import bank.platform.failure.Failure;
import io.grpc.Status.Code;

/// What is refused in the administration of users, sessions and organisations, as callers see it.
final class AdministrationStatuses {
    private AdministrationStatuses() {}

    static Failure failure(Administration failure) {
        return switch (failure) {
            case Administration.Missing(var what) -> Failure.notFound(what);
            case Administration.UserForbidden(var description) ->
                Failure.of(Code.PERMISSION_DENIED, "USER_FORBIDDEN", description);
            case Administration.FieldForbidden(var field) ->
                Failure.of(Code.PERMISSION_DENIED, "FIELD_FORBIDDEN", field + " is changed by the bank alone")
                        .with("field", field);
            case Administration.IdentityVerified(var userId) ->
                Failure.precondition(
                        "IDENTITY_VERIFIED",
                        "VERIFICATION",
                        user(userId),
                        "names, birthday, sex and tax number are verified or being verified: the bank changes them");
            case Administration.LastAdmin(var userId) ->
                Failure.precondition(
                        "LAST_ADMIN", "ADMIN", user(userId), "the last administrator who may sign in stays so");
            case Administration.StatusFixed(var userId, var status) ->
                Failure.precondition(
                        "ILLEGAL_STATUS_CHANGE",
                        "STATUS",
                        user(userId),
                        "the status is " + IdentityProtos.name(status) + ": only a registry changes it");
            case Administration.PasswordWrong() ->
                Failure.invalid("WRONG_PASSWORD", "current_password", "is not your password");
            case Administration.NotOrganizationAdmin(var description) ->
                Failure.of(Code.PERMISSION_DENIED, "NOT_ORGANIZATION_ADMIN", description);
            case Administration.OrganizationCycle(var organizationId) ->
                Failure.precondition(
                        "ORGANIZATION_CYCLE",
                        "PARENT",
                        organization(organizationId),
                        "an organisation cannot be below itself");
            case Administration.OrganizationTooDeep() ->
                Failure.of(
                        Code.FAILED_PRECONDITION,
                        "ORGANIZATION_TOO_DEEP",
                        "there are at most " + Organization.DEPTH_MAX + " levels of organisations");
            case Administration.LastOrganizationAdmin(var organizationId) ->
                Failure.precondition(
                        "LAST_ORGANIZATION_ADMIN",
                        "ADMIN",
                        organization(organizationId),
                        "nobody else administers the organisation: name another first, or ask the bank");
            case Administration.TooManyOrganizations(var userId) ->
                Failure.of(
                        Code.RESOURCE_EXHAUSTED,
                        "TOO_MANY_ORGANIZATIONS",
                        "user " + userId + " belongs to " + Membership.COUNT_MAX + " organisations already");
        };
    }

    private static String user(long id) {
        return "user/" + id;
    }

    private static String organization(long id) {
        return "organization/" + id;
    }
}
