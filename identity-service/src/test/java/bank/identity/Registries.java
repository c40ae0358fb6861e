package bank.identity;

import bank.testing.Eventually;
import bank.v1.DeathNotified;
import bank.v1.DeathState;
import bank.v1.GetVerificationRequest;
import bank.v1.IdentifierType;
import bank.v1.RegisterRequest;
import bank.v1.User;
import bank.v1.Verification;
import bank.v1.VerificationCompleted;
import bank.v1.VerificationReason;
import bank.v1.VerificationRequested;
import bank.v1.VerificationStatus;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/// What registry-service says and hears, and users whom it knows.
final class Registries {
    private static final Duration MAX = Duration.ofSeconds(60);
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final RunningIdentity identity;
    private final EventTopics topics;

    Registries(RunningIdentity identity, EventTopics topics) {
        this.identity = identity;
        this.topics = topics;
    }

    /// A National Insurance number nobody has yet.
    static String newNin() {
        return "AB%06dC".formatted(NUMBERS.incrementAndGet());
    }

    /// Registers somebody with that number.
    User registered(String nin) {
        return identity.auth()
                .register(RegisterRequest.newBuilder()
                        .setEmail(UUID.randomUUID() + "@example.org")
                        .setPassword(RunningIdentity.PASSWORD)
                        .setFirstName("Ada")
                        .setIdentifierType(IdentifierType.IDENTIFIER_TYPE_NIN)
                        .setIdentifierValue(nin)
                        .build());
    }

    /// Registers somebody whom HMRC then verifies.
    User verified(String nin) throws Exception {
        var user = registered(nin);
        answer(asked(user.getId(), 1), VerificationStatus.VERIFICATION_STATUS_VERIFIED, null);
        awaitStatus(user, VerificationStatus.VERIFICATION_STATUS_VERIFIED);
        return user;
    }

    /// The request about a user, the first, the second and so on.
    VerificationRequested asked(long userId, int number) {
        return topics.first(number, VerificationRequested.getDefaultInstance(), event -> event.getUserId() == userId)
                .getLast()
                .payload();
    }

    void answer(VerificationRequested request, VerificationStatus outcome, VerificationReason reason) throws Exception {
        topics.publish(completed(request, outcome, reason).build(), 1);
    }

    static VerificationCompleted.Builder completed(
            VerificationRequested request, VerificationStatus outcome, VerificationReason reason) {
        var event = VerificationCompleted.newBuilder()
                .setUserId(request.getUserId())
                .setRequestId(request.getRequestId())
                .setOutcome(outcome)
                .setAttempts(1);
        if (reason != null) {
            event.setReason(reason);
        }
        return event;
    }

    void notified(String nin, DeathState state, long version) throws Exception {
        var event = DeathNotified.newBuilder()
                .setReference(UUID.randomUUID().toString())
                .setNin(nin)
                .setState(state)
                .build();
        topics.publish(event, version);
    }

    Verification verification(User user) {
        return identity.verifications(token(user)).getVerification(GetVerificationRequest.getDefaultInstance());
    }

    String token(User user) {
        return identity.login(user.getEmail(), RunningIdentity.PASSWORD).getAccessToken();
    }

    Verification awaitStatus(User user, VerificationStatus status) {
        var stub = identity.verifications(token(user));
        Eventually.holds(
                "user " + user.getId() + " is " + status,
                MAX,
                () -> stub.getVerification(GetVerificationRequest.getDefaultInstance())
                                .getStatus()
                        == status);
        return stub.getVerification(GetVerificationRequest.getDefaultInstance());
    }
}
