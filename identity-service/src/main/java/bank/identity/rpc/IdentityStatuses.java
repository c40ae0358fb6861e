package bank.identity.rpc;

import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.platform.db.ConstraintViolatedException;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureTranslator;
import io.grpc.Status.Code;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Failures of this service as its callers see them.
public final class IdentityStatuses implements FailureTranslator {
    private static final String EMAIL_KEY = "user_email_key";

    @Override
    public @Nullable Failure translate(RuntimeException exception) {
        if (exception instanceof IdentityException identity) {
            return failure(identity.failure());
        }
        if (exception instanceof ConstraintViolatedException violated
                && violated.constraint().equals(EMAIL_KEY)) {
            return failure(new IdentityFailure.EmailTaken());
        }
        return null;
    }

    private static Failure failure(IdentityFailure failure) {
        return switch (failure) {
            case IdentityFailure.EmailTaken() ->
                Failure.of(Code.ALREADY_EXISTS, "EMAIL_TAKEN", "somebody is registered under this e-mail");
            case IdentityFailure.BadCredentials() ->
                Failure.of(Code.UNAUTHENTICATED, "BAD_CREDENTIALS", "e-mail and password do not belong together");
            case IdentityFailure.AccountBlocked() ->
                Failure.of(Code.UNAUTHENTICATED, "ACCOUNT_BLOCKED", "this account may not sign in: ask the bank");
            case IdentityFailure.SignInPaused(var pause) ->
                Failure.of(Code.RESOURCE_EXHAUSTED, "SIGN_IN_PAUSED", "too many sign-ins failed: wait before the next")
                        .retryAfter(pause);
            case IdentityFailure.RegistrationPaused(var pause) ->
                Failure.of(
                                Code.RESOURCE_EXHAUSTED,
                                "REGISTRATION_PAUSED",
                                "too many registrations from this address: wait before the next")
                        .retryAfter(pause);
            case IdentityFailure.RefreshTokenInvalid() ->
                Failure.of(
                        Code.UNAUTHENTICATED,
                        "INVALID_REFRESH_TOKEN",
                        "the refresh token is unknown, spent or ended: sign in again");
            case IdentityFailure.CodeInvalid() ->
                Failure.of(Code.UNAUTHENTICATED, "CODE_INVALID", "the code is unknown, spent or ended: sign in again");
            case IdentityFailure.PasswordWeak(var description) ->
                Failure.invalid("WEAK_PASSWORD", "password", description);
            case IdentityFailure.FieldInvalid(var field, var description) ->
                Failure.invalid("INVALID_FIELD", field, description);
            case IdentityFailure.AccountUnknown() -> Failure.notFound("user");
            case IdentityFailure.UserUnknown() -> Failure.notFound("your user");
            case IdentityFailure.Overloaded() ->
                Failure.of(Code.UNAVAILABLE, "OVERLOADED", "too many sign-ins at once: repeat a little later")
                        .retryAfter(Duration.ofSeconds(2));
            case IdentityFailure.ClientRefused() ->
                Failure.of(Code.UNAUTHENTICATED, "CLIENT_REFUSED", "the client is unknown or has not proved who it is");
            case IdentityFailure.GrantRefused(var _) ->
                Failure.of(Code.PERMISSION_DENIED, "GRANT_REFUSED", "the client may not use this grant");
            case IdentityFailure.ProofRequired() ->
                Failure.of(
                        Code.UNAUTHENTICATED,
                        "PROOF_REQUIRED",
                        "this is bound to a key: use the token endpoint, with a proof (DPoP) of that key");
            case IdentityFailure.SubjectTokenRefused(var description) ->
                Failure.of(Code.UNAUTHENTICATED, "SUBJECT_TOKEN_REFUSED", description);
            case IdentityFailure.IdentityLinked() ->
                Failure.of(Code.ALREADY_EXISTS, "IDENTITY_LINKED", "this account is linked to somebody already");
            case IdentityFailure.IdentityUnknown() -> Failure.notFound("external identity");
            case IdentityFailure.ScopeRefused(var _) ->
                Failure.of(Code.PERMISSION_DENIED, "SCOPE_REFUSED", "the client has not the scope it asks for");
            case IdentityFailure.ClientIdTaken() ->
                Failure.of(
                        Code.ALREADY_EXISTS,
                        "CLIENT_ID_TAKEN",
                        "a client has this id, or had it before it was deleted");
            case IdentityFailure.ClientUnknown() -> Failure.notFound("client");
            case IdentityFailure.ClientProtected(var id) ->
                Failure.precondition(
                        "CLIENT_PROTECTED",
                        "ORIGIN",
                        "oauth_client/" + id,
                        "this client belongs to identity-service or its settings: change it there");
            case IdentityFailure.ClientWithoutSecret(var id) ->
                Failure.precondition(
                        "CLIENT_WITHOUT_SECRET", "TYPE", "oauth_client/" + id, "this client keeps no secret");
            case IdentityFailure.OfVerification verification -> VerificationStatuses.failure(verification);
            case IdentityFailure.Administration administration -> AdministrationStatuses.failure(administration);
        };
    }
}
