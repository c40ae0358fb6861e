package bank.registry.consumer;

import bank.platform.db.Tx;
import bank.platform.events.DeadLetters;
import bank.platform.events.Effect;
import bank.platform.events.EventContext;
import bank.platform.events.EventHandler;
import bank.platform.events.Subscription;
import bank.platform.events.UnprocessableEventException;
import bank.registry.domain.Verifications;
import bank.registry.model.VerificationRequest;
import bank.v1.VerificationReplayRequested;
import bank.v1.VerificationRequested;
import java.util.Optional;
import java.util.UUID;

/// Requests to verify users, and to try again those whose registry never answered.
public final class VerificationConsumer implements EventHandler<VerificationRequested> {
    private static final String REQUESTS = "registry-service.verification";
    private static final String REPLAYS = "registry-service.replay";
    private static final String TOPIC = "identity.verification.request";

    private final Verifications verifications;
    private final DeadLetters deadLetters;

    public VerificationConsumer(Verifications verifications, DeadLetters deadLetters) {
        this.verifications = verifications;
        this.deadLetters = deadLetters;
    }

    /// What it takes of the requests.
    public Subscription requests() {
        return Subscription.of(REQUESTS).on(VerificationRequested.getDefaultInstance(), this);
    }

    /// What it takes of the replays. Another consumer: a request that is held lets none behind it through.
    public Subscription replays() {
        return Subscription.of(REPLAYS).on(VerificationReplayRequested.getDefaultInstance(), this::replay);
    }

    @Override
    public Effect handle(VerificationRequested event, EventContext context) {
        var request = request(event, context)
                .orElseThrow(() -> new UnprocessableEventException("its user_id or request_id is none"));
        return verifications
                .find(request)
                .<Effect>map(finding -> tx -> verifications.conclude(tx, request, finding, context.attempt()))
                .orElse(Effect.NONE);
    }

    @Override
    public void held(Tx tx, VerificationRequested event, EventContext context, boolean parked) {
        // The tries between tell nothing new.
        if (parked || context.attempt() == 1) {
            request(event, context)
                    .ifPresent(request -> verifications.postpone(tx, request, parked, context.attempt()));
        }
    }

    private Effect replay(VerificationReplayRequested event, EventContext context) {
        return tx -> deadLetters.replay(tx, REQUESTS, TOPIC, Long.toString(event.getUserId()));
    }

    /// What is asked; empty when that makes no sense, and there is nobody to tell of it.
    private static Optional<VerificationRequest> request(VerificationRequested event, EventContext context) {
        return event.getUserId() > 0 && isUuid(event.getRequestId())
                ? Optional.of(new VerificationRequest(event.getUserId(), event.getRequestId(), context.version()))
                : Optional.empty();
    }

    private static boolean isUuid(String text) {
        try {
            return UUID.fromString(text).toString().equalsIgnoreCase(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
