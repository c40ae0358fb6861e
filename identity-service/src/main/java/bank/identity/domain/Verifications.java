package bank.identity.domain;

import bank.identity.events.IdentityEvents;
import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.Identifier;
import bank.identity.model.IdentifierType;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.IdentityFailure.OfVerification;
import bank.identity.model.ParkedPlace;
import bank.identity.model.Verification;
import bank.identity.model.VerificationStatus;
import bank.identity.model.VerificationSubject;
import bank.identity.store.IdentifierStore;
import bank.identity.store.UserStore;
import bank.identity.store.VerificationStore;
import bank.platform.auth.Principal;
import bank.platform.db.Database;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import bank.platform.events.Uuid7;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Verification of users by the registries their identifiers name: asking for it, and how far it is.
public final class Verifications {
    /// As often as this in a period a user may ask for his own: each answer tells whether he knows whose the
    /// identifier is.
    static final int OWN_MAX = 5;

    static final Duration OWN_PERIOD = Duration.ofDays(1);

    private final Database database;
    private final UserStore users;
    private final IdentifierStore identifiers;
    private final VerificationStore store;
    private final IdentityEvents events;
    private final AuditLog audit;
    private final Clock clock;
    private final boolean sandbox;

    /// @param events tells the registries' side of requests
    /// @param sandbox take the sample identifiers of the sandbox registries
    public Verifications(
            Database database,
            UserStore users,
            IdentifierStore identifiers,
            VerificationStore store,
            IdentityEvents events,
            AuditLog audit,
            Clock clock,
            boolean sandbox) {
        this.database = database;
        this.users = users;
        this.identifiers = identifiers;
        this.store = store;
        this.events = events;
        this.audit = audit;
        this.clock = clock;
        this.sandbox = sandbox;
    }

    /// Asks about a user who has just registered.
    void begin(Tx tx, long userId, Identifier identifier, Caller caller) {
        identifiers.put(tx, userId, identifier, clock.instant());
        request(tx, userId, identifier.type(), VerificationStatus.UNVERIFIED, caller);
    }

    /// The verification of a user.
    ///
    /// @param userId null: the caller
    /// @throws IdentityException Missing, VerificationMissing
    public Verification get(Principal.User caller, @Nullable Long userId) {
        var id = reached(caller, userId);
        return database.read(session -> find(session, id));
    }

    /// Asks once more about a user who is not verified.
    ///
    /// @param userId null: the caller
    /// @param type null: that of the identifier he gave
    /// @param value empty: the identifier he gave
    /// @throws IdentityException Missing, VerificationDone, VerificationPending, VerificationPaused, FieldInvalid
    public Verification retry(
            Tx tx,
            Principal.User caller,
            @Nullable Long userId,
            @Nullable IdentifierType type,
            String value,
            Caller actor) {
        var id = reached(caller, userId);
        var given = GivenIdentifiers.read(type, value, sandbox);
        var user = users.lock(tx, id).orElseThrow(() -> UserReach.missing(id));
        var known = store.find(tx, id);
        if (user.verification() == VerificationStatus.VERIFIED) {
            throw refused(new OfVerification.VerificationDone(id));
        }
        var unanswered = known.filter(Verification::unanswered);
        if (known.filter(Verification::open).isPresent() && (unanswered.isEmpty() || !caller.staff())) {
            throw refused(new OfVerification.VerificationPending(id));
        }
        var identifier = given.or(() -> known.map(Verification::identifier))
                .orElseThrow(() -> refused(new IdentityFailure.FieldInvalid(
                        "identifier_type", "must be set together with identifier_value: none was given before")));
        if (!caller.staff() && known.isPresent()) {
            count(tx, id);
        }
        given.ifPresent(other -> identifiers.put(tx, id, other, clock.instant()));
        users.setVerification(tx, id, VerificationStatus.PENDING, null);
        var requested = request(tx, id, identifier.type(), VerificationStatus.PENDING, actor);
        // What is left of the request before holds up this one, and counts no more.
        unanswered.ifPresent(before -> events.replayRequested(tx, before));
        if (!caller.staff() && known.isEmpty()) {
            // There is a row now that it counts in.
            count(tx, id);
        }
        return requested;
    }

    /// Those among the dead letters, the longest parked first.
    public List<Verification> deadLetters(ParkedPlace after, int rowsMax) {
        return database.read(session -> store.parked(session, after, rowsMax));
    }

    /// Has a request among the dead letters tried again.
    ///
    /// @throws IdentityException DeadLetterMissing
    public Verification replay(Tx tx, long userId, Caller actor) {
        users.lock(tx, userId);
        var parked = store.find(tx, userId)
                .filter(known -> known.parkedAt() != null)
                .orElseThrow(() -> refused(new OfVerification.DeadLetterMissing(userId)));
        store.delay(tx, userId, parked.reason(), parked.attempts(), null);
        events.replayRequested(tx, parked);
        audit.append(tx, AuditType.VERIFICATION_REPLAYED, actor, AuditEvent.user(userId), "");
        return find(tx, userId);
    }

    /// What a registry compares.
    ///
    /// @param requestId the request it is asked for
    /// @throws IdentityException VerificationMissing, VerificationSuperseded
    public VerificationSubject subject(long userId, UUID requestId) {
        return database.read(session -> {
            var user = users.find(session, userId).orElseThrow(() -> missing(userId));
            var verification = find(session, userId);
            if (!verification.requestId().equals(requestId)) {
                throw refused(new OfVerification.VerificationSuperseded(userId));
            }
            return new VerificationSubject(verification.identifier(), user.name(), user.birthday());
        });
    }

    private Verification request(Tx tx, long userId, IdentifierType type, VerificationStatus status, Caller actor) {
        var now = clock.instant();
        store.request(tx, userId, Uuid7.at(now.toEpochMilli()), type, status, now);
        var requested = find(tx, userId);
        events.verificationRequested(tx, requested);
        audit.append(tx, AuditType.VERIFICATION_REQUESTED, actor, AuditEvent.user(userId), type.name());
        return requested;
    }

    private void count(Tx tx, long userId) {
        var now = clock.instant();
        var since = store.countOwn(tx, userId, OWN_MAX, now.minus(OWN_PERIOD), now);
        if (since.isPresent()) {
            var pause = Duration.between(now, since.get().plus(OWN_PERIOD)).truncatedTo(ChronoUnit.SECONDS);
            throw refused(new OfVerification.VerificationPaused(pause.plusSeconds(1)));
        }
    }

    private Verification find(Session session, long userId) {
        return store.find(session, userId).orElseThrow(() -> missing(userId));
    }

    private static long reached(Principal.User caller, @Nullable Long userId) {
        if (userId == null || userId == caller.id()) {
            return caller.id();
        }
        if (!caller.staff()) {
            throw UserReach.missing(userId);
        }
        return userId;
    }

    private static IdentityException missing(long userId) {
        return refused(new OfVerification.VerificationMissing(userId));
    }

    private static IdentityException refused(IdentityFailure failure) {
        return new IdentityException(failure);
    }
}
