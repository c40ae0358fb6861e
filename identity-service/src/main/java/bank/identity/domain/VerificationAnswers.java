package bank.identity.domain;

import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.Identifier;
import bank.identity.model.User;
import bank.identity.model.Verification;
import bank.identity.model.VerificationAnswer;
import bank.identity.model.VerificationReason;
import bank.identity.model.VerificationStatus;
import bank.identity.store.IdentifierStore;
import bank.identity.store.UserStore;
import bank.identity.store.VerificationStore;
import bank.platform.db.Tx;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What becomes of users when registries have answered about them.
public final class VerificationAnswers {
    private static final Logger log = LoggerFactory.getLogger(VerificationAnswers.class);

    private final UserStore users;
    private final IdentifierStore identifiers;
    private final VerificationStore store;
    private final LastAdmin lastAdmin;
    private final DeathNotices deaths;
    private final AuditLog audit;
    private final Clock clock;

    /// @param deaths knows who died, whom no identifier verifies
    public VerificationAnswers(
            UserStore users,
            IdentifierStore identifiers,
            VerificationStore store,
            LastAdmin lastAdmin,
            DeathNotices deaths,
            AuditLog audit,
            Clock clock) {
        this.users = users;
        this.identifiers = identifiers;
        this.store = store;
        this.lastAdmin = lastAdmin;
        this.deaths = deaths;
        this.audit = audit;
        this.clock = clock;
    }

    /// Takes an answer; one that is not awaited any more changes nothing.
    public void take(Tx tx, VerificationAnswer answer, Caller actor) {
        var asked = store.find(tx, answer.userId()).filter(known -> known.awaits(answer.requestId()));
        if (asked.isEmpty()) {
            log.debug("answer to request {} is not awaited", answer.requestId());
            return;
        }
        // Everybody locks the identifier before its user.
        identifiers.lock(tx, asked.get().identifier());
        var user = lastAdmin.lock(tx, answer.userId());
        store.find(tx, user.id())
                .filter(known -> known.awaits(answer.requestId()))
                .ifPresent(awaited -> take(tx, user, awaited, answer, actor));
    }

    private void take(Tx tx, User user, Verification awaited, VerificationAnswer answer, Caller actor) {
        switch (answer.outcome()) {
            case VERIFIED -> verified(tx, user, awaited, answer, actor);
            case REJECTED -> complete(tx, answer, VerificationStatus.REJECTED, answer.reason(), actor);
            case PENDING -> delay(tx, user, awaited, answer, actor);
            case UNVERIFIED -> throw new IllegalArgumentException("no answer leaves a user unverified");
        }
    }

    private void verified(Tx tx, User user, Verification asked, VerificationAnswer answer, Caller actor) {
        var identifier = asked.identifier();
        var refusal = refusal(tx, user.id(), identifier);
        if (refusal != null) {
            complete(tx, answer, VerificationStatus.REJECTED, refusal, actor);
            return;
        }
        identifiers.verify(tx, user.id(), identifier);
        complete(tx, answer, VerificationStatus.VERIFIED, null, actor);
        deaths.apply(tx, user.id(), identifier, actor);
    }

    /// Why the identifier verifies nobody, or not this user, whatever the registry says.
    private @Nullable VerificationReason refusal(Tx tx, long userId, Identifier identifier) {
        if (identifiers
                .verifiedUser(tx, identifier)
                .filter(other -> other != userId)
                .isPresent()) {
            return VerificationReason.IDENTIFIER_TAKEN;
        }
        return deaths.registered(tx, identifier) ? VerificationReason.DECEASED : null;
    }

    private void complete(
            Tx tx,
            VerificationAnswer answer,
            VerificationStatus status,
            @Nullable VerificationReason reason,
            Caller actor) {
        store.complete(tx, answer.userId(), status, reason, answer.attempts(), clock.instant());
        users.setVerification(tx, answer.userId(), status, reason);
        var detail = status == VerificationStatus.VERIFIED ? "verified" : "rejected" + because(reason);
        audit.append(tx, AuditType.VERIFICATION_COMPLETED, actor, AuditEvent.user(answer.userId()), detail);
    }

    private void delay(Tx tx, User user, Verification asked, VerificationAnswer answer, Caller actor) {
        var parkedAt = answer.parked() ? clock.instant() : null;
        store.delay(tx, user.id(), answer.reason(), answer.attempts(), parkedAt);
        if (user.verification() != VerificationStatus.PENDING) {
            users.setVerification(tx, user.id(), VerificationStatus.PENDING, null);
        }
        if (asked.reason() == null || answer.parked() != (asked.parkedAt() != null)) {
            var detail = (answer.parked() ? "parked" : "to be tried again") + because(answer.reason());
            audit.append(tx, AuditType.VERIFICATION_DELAYED, actor, AuditEvent.user(user.id()), detail);
        }
    }

    private static String because(@Nullable VerificationReason reason) {
        return reason == null ? "" : ", " + reason.printed();
    }
}
