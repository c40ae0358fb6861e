package bank.identity.rpc;

import bank.identity.model.IdentityFailure.OfVerification;
import bank.platform.failure.Failure;
import io.grpc.Status.Code;

/// What is refused of verifications, as callers see it.
final class VerificationStatuses {
    private static final String PRECONDITION = "VERIFICATION";

    private VerificationStatuses() {}

    static Failure failure(OfVerification failure) {
        return switch (failure) {
            case OfVerification.VerificationMissing(var userId) ->
                Failure.of(Code.NOT_FOUND, "VERIFICATION_NOT_FOUND", "no verification of " + user(userId));
            case OfVerification.VerificationDone(var userId) ->
                Failure.precondition("VERIFICATION_DONE", PRECONDITION, user(userId), "the user is verified");
            case OfVerification.VerificationPending(var userId) ->
                Failure.precondition(
                        "VERIFICATION_PENDING",
                        PRECONDITION,
                        user(userId),
                        "the registry's answer to the last request is awaited");
            case OfVerification.VerificationPaused(var pause) ->
                Failure.of(
                                Code.RESOURCE_EXHAUSTED,
                                "VERIFICATION_PAUSED",
                                "too many requests for verification: wait before the next, or ask the bank")
                        .retryAfter(pause);
            case OfVerification.VerificationSuperseded(var userId) ->
                Failure.precondition(
                        "VERIFICATION_SUPERSEDED",
                        PRECONDITION,
                        user(userId),
                        "a later request for verification took the place of this one");
            case OfVerification.DeadLetterMissing(var userId) ->
                Failure.of(Code.NOT_FOUND, "DEAD_LETTER_NOT_FOUND", "no request of " + user(userId) + " is parked");
        };
    }

    private static String user(long id) {
        return "user/" + id;
    }
}
