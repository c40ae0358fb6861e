package bank.identity.domain;

import bank.identity.keys.SealedKeys;
import bank.identity.keys.VaultException;
import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.SigningKeyState;
import bank.identity.store.SigningKeyStore;
import bank.identity.store.SigningKeyStore.Life;
import bank.identity.store.StartLock;
import bank.platform.db.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Replaces the key that signs. The next one is published before it signs, for as long as others keep the keys they
/// know, and the old one until its last token has ended: no token is refused for it.
public final class KeyRotations {
    private final Database database;
    private final SigningKeyStore store;
    private final SealedKeys sealed;
    private final AuditLog audit;
    private final Times times;
    private final Clock clock;

    /// How long keys live.
    ///
    /// @param signing from when a key begins to sign until the next one is made
    /// @param published from when a key is made until it signs
    public record Times(Duration signing, Duration published) {}

    /// @param sealed makes the keys
    public KeyRotations(
            Database database, SigningKeyStore store, SealedKeys sealed, AuditLog audit, Times times, Clock clock) {
        this.database = database;
        this.store = store;
        this.sealed = sealed;
        this.audit = audit;
        this.times = times;
        this.clock = clock;
    }

    /// Makes the next key when the present one has signed long enough, and lets it sign when it was published long
    /// enough. Instances may do so at once.
    public void advance() {
        var lives = database.read(store::lives);
        if (nextTurn(lives).isPresent()) {
            nextTurn(lives).filter(turn -> !clock.instant().isBefore(turn)).ifPresent(turn -> activateNext());
        } else if (in(SigningKeyState.ACTIVE, lives)
                .filter(this::hasSignedLongEnough)
                .isPresent()) {
            makeNext(Caller.system());
        }
    }

    /// Makes the next key, unless there is one.
    ///
    /// @return when it may sign
    /// @throws VaultException when the key that signs now was sealed by another key-encryption key
    public Instant makeNext(Caller caller) {
        check();
        var fresh = sealed.generate(SigningKeyState.NEXT);
        return database.inTransaction(tx -> {
            StartLock.hold(tx);
            var turn = nextTurn(store.lives(tx));
            if (turn.isPresent()) {
                return turn.get();
            }
            var now = clock.instant();
            store.insert(tx, fresh, now);
            audit.append(tx, AuditType.SIGNING_KEY_MADE, caller, AuditEvent.key(fresh.kid()), "");
            return now.plus(times.published());
        });
    }

    /// Withdraws all keys and makes another that signs at once: tokens signed until now stop counting as soon as
    /// others read the keys anew.
    ///
    /// @return how many keys were withdrawn
    /// @throws VaultException when the key that signs now was sealed by another key-encryption key
    public int withdrawAll(Caller caller) {
        check();
        var fresh = sealed.generate(SigningKeyState.ACTIVE);
        return database.inTransaction(tx -> {
            StartLock.hold(tx);
            var now = clock.instant();
            var withdrawn = store.withdrawAll(tx, now);
            store.insert(tx, fresh, now);
            for (var kid : withdrawn) {
                audit.append(tx, AuditType.SIGNING_KEY_WITHDRAWN, caller, AuditEvent.key(kid), "");
            }
            audit.append(tx, AuditType.SIGNING_KEY_ACTIVATED, caller, AuditEvent.key(fresh.kid()), "");
            return withdrawn.size();
        });
    }

    /// The newest keys, the newest first.
    public List<Life> list() {
        return database.read(store::lives);
    }

    /// The keys are sealed by the key-encryption key there is.
    ///
    /// @throws VaultException when they are not
    public void check() {
        database.read(store::active).ifPresent(sealed::open);
    }

    private void activateNext() {
        database.inTransaction(tx -> {
            StartLock.hold(tx);
            var now = clock.instant();
            var next = in(SigningKeyState.NEXT, store.lives(tx));
            // Another instance may have been faster, and made yet another key.
            if (next.isPresent() && !now.isBefore(next.get().createdAt().plus(times.published()))) {
                store.retireActive(tx, now);
                store.activateNext(tx, now);
                audit.append(
                        tx,
                        AuditType.SIGNING_KEY_ACTIVATED,
                        Caller.system(),
                        AuditEvent.key(next.get().kid()),
                        "");
            }
            return next;
        });
    }

    private Optional<Instant> nextTurn(List<Life> lives) {
        return in(SigningKeyState.NEXT, lives).map(next -> next.createdAt().plus(times.published()));
    }

    private boolean hasSignedLongEnough(Life active) {
        var since = active.activatedAt();
        return since != null && !clock.instant().isBefore(since.plus(times.signing()));
    }

    private static Optional<Life> in(SigningKeyState state, List<Life> lives) {
        return lives.stream().filter(life -> life.state() == state).findFirst();
    }
}
