package bank.identity.domain;

import bank.identity.events.IdentityEvents;
import bank.identity.model.AccountStatus;
import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.DeathNotice;
import bank.identity.model.DeathState;
import bank.identity.model.Identifier;
import bank.identity.model.IdentifierType;
import bank.identity.model.UserStatus;
import bank.identity.store.DeathStore;
import bank.identity.store.IdentifierStore;
import bank.identity.store.UserStore;
import bank.platform.db.Tx;
import java.time.Clock;
import java.util.Optional;

/// What becomes of users when HMRC says that they died, or that they did not. A notice is about the user whom the
/// number verified; what is said of others is kept, for a user who comes later.
public final class DeathNotices {
    private final UserStore users;
    private final IdentifierStore identifiers;
    private final DeathStore store;
    private final UserStatuses statuses;
    private final LastAdmin lastAdmin;
    private final IdentityEvents events;
    private final AuditLog audit;
    private final Clock clock;

    /// @param statuses blocks the accounts of the dead
    /// @param events tells others of sign-ins held up
    public DeathNotices(
            UserStore users,
            IdentifierStore identifiers,
            DeathStore store,
            UserStatuses statuses,
            LastAdmin lastAdmin,
            IdentityEvents events,
            AuditLog audit,
            Clock clock) {
        this.users = users;
        this.identifiers = identifiers;
        this.store = store;
        this.statuses = statuses;
        this.lastAdmin = lastAdmin;
        this.events = events;
        this.audit = audit;
        this.clock = clock;
    }

    /// Takes a notice; one that is older than what is known changes nothing.
    public void take(Tx tx, DeathNotice notice, Caller actor) {
        var identifier = notice.identifier();
        // Everybody locks the identifier before its user.
        identifiers.lock(tx, identifier);
        var before = store.find(tx, identifier);
        if (before.filter(known -> known.version() >= notice.version()).isPresent()) {
            return;
        }
        store.put(tx, before.map(known -> following(known, notice)).orElse(notice), clock.instant());
        identifiers.verifiedUser(tx, identifier).ifPresent(userId -> apply(tx, userId, identifier, actor));
    }

    /// What counts after a notice: a formal state is not replaced by an informal one.
    private static DeathNotice following(DeathNotice known, DeathNotice next) {
        return known.state() == DeathState.FORMAL && next.state() == DeathState.INFORMAL
                ? new DeathNotice(next.identifier(), DeathState.FORMAL, next.version(), known.reference())
                : next;
    }

    /// The death of the person is registered.
    boolean registered(Tx tx, Identifier identifier) {
        return known(tx, identifier)
                .filter(notice -> notice.state() == DeathState.FORMAL)
                .isPresent();
    }

    /// Makes of a user, whom the locked identifier verified, what is said of him.
    void apply(Tx tx, long userId, Identifier identifier, Caller actor) {
        known(tx, identifier).ifPresent(notice -> {
            switch (notice.state()) {
                case INFORMAL -> hold(tx, userId, "death reported, notice " + notice.reference(), actor);
                case FORMAL -> close(tx, userId, "death registered, notice " + notice.reference(), actor);
                case REMOVED -> lift(tx, userId, actor);
            }
        });
    }

    private Optional<DeathNotice> known(Tx tx, Identifier identifier) {
        return identifier.type() == IdentifierType.NIN ? store.find(tx, identifier) : Optional.empty();
    }

    private void hold(Tx tx, long userId, String reason, Caller actor) {
        var user = lastAdmin.lock(tx, userId);
        if (user.status() == UserStatus.DECEASED || user.signInHold().equals(reason)) {
            return;
        }
        events.statusChanged(tx, users.setSignInHold(tx, userId, reason));
        audit.append(tx, AuditType.SIGN_IN_HELD, actor, AuditEvent.user(userId), reason);
    }

    private void close(Tx tx, long userId, String reason, Caller actor) {
        var user = lastAdmin.lock(tx, userId);
        if (user.status() == UserStatus.DECEASED) {
            return;
        }
        store.keep(tx, userId, user.accountStatus());
        if (!user.signInHold().isEmpty()) {
            users.setSignInHold(tx, userId, "");
        }
        statuses.set(tx, user, new AccountStatus(UserStatus.DECEASED, reason, false), actor);
    }

    private void lift(Tx tx, long userId, Caller actor) {
        var user = lastAdmin.lock(tx, userId);
        if (user.status() == UserStatus.DECEASED) {
            statuses.set(tx, user, store.take(tx, userId).orElse(AccountStatus.ACTIVE), actor);
        } else if (!user.signInHold().isEmpty()) {
            events.statusChanged(tx, users.setSignInHold(tx, userId, ""));
            audit.append(tx, AuditType.SIGN_IN_HOLD_LIFTED, actor, AuditEvent.user(userId), "");
        }
    }
}
