package bank.identity.consumer;

import bank.identity.domain.DeathNotices;
import bank.identity.domain.VerificationAnswers;
import bank.identity.model.Caller;
import bank.platform.events.Effect;
import bank.platform.events.EventContext;
import bank.platform.events.Subscription;
import bank.v1.DeathNotified;
import bank.v1.VerificationCompleted;
import java.util.Objects;

/// What registry-service says by events: answers of registries about users, and notices of death.
public final class RegistryEvents {
    private final VerificationAnswers answers;
    private final DeathNotices deaths;

    /// @param answers takes answers about users
    /// @param deaths takes notices of death
    public RegistryEvents(VerificationAnswers answers, DeathNotices deaths) {
        this.answers = answers;
        this.deaths = deaths;
    }

    /// Consumers apart from each other, so that a topic that stands still does not hold up the other.
    public Subscription verifications() {
        return Subscription.of("identity-service.verification")
                .on(VerificationCompleted.getDefaultInstance(), this::completed);
    }

    /// Takes notices of death.
    public Subscription deaths() {
        return Subscription.of("identity-service.death").on(DeathNotified.getDefaultInstance(), this::notified);
    }

    private Effect completed(VerificationCompleted event, EventContext context) {
        var answer = RegistryProtos.answer(event);
        return tx -> answers.take(tx, answer, caller(context));
    }

    private Effect notified(DeathNotified event, EventContext context) {
        var notice = RegistryProtos.notice(event, context.version());
        return tx -> deaths.take(tx, notice, caller(context));
    }

    private static Caller caller(EventContext context) {
        var source = context.source();
        return Caller.service(
                source.substring(source.lastIndexOf('/') + 1), Objects.requireNonNullElse(context.requestId(), ""));
    }
}
