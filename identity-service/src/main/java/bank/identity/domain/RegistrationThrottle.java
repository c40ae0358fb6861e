package bank.identity.domain;

import bank.identity.keys.Vault;
import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.ClientNetwork;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.store.SignInCounterStore;
import bank.identity.store.SignInCounterStore.Claimed;
import bank.identity.store.SignInCounterStore.Limit;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

/// Holds back who registers one account after the other, to learn who has one or to fill the database. Registrations
/// are counted by address, whatever comes of them; from a number on each brings a pause, twice as long as the one
/// before. Each hour without one makes one forgotten.
public final class RegistrationThrottle {
    private static final Duration FORGOTTEN = Duration.ofHours(24);
    // So that an address from which people register day by day does not count them all its life.
    private static final Duration FADING = Duration.ofHours(1);
    // Those whose address nobody tells count as one.
    private static final ClientNetwork NOWHERE = new ClientNetwork("unknown");

    private final Database database;
    private final SignInCounterStore store;
    private final Vault vault;
    private final Limit limit;
    private final AuditLog audit;
    private final Clock clock;

    /// @param store counts them beside failed sign-ins, whose purge forgets them too
    /// @param vault makes the codes addresses are known by
    /// @param limit registrations from which on each brings a pause, and the longest pause
    public RegistrationThrottle(
            Database database, SignInCounterStore store, Vault vault, Limit limit, AuditLog audit, Clock clock) {
        this.database = database;
        this.store = store;
        this.vault = vault;
        this.limit = limit;
        this.audit = audit;
        this.clock = clock;
    }

    /// Does the work of a registration, which counts from before it begins, unless nothing comes of it.
    ///
    /// @throws IdentityException RegistrationPaused
    <T> T attempt(Caller caller, Supplier<T> work) {
        var network = ClientNetwork.of(caller.origin().address()).orElse(NOWHERE);
        var key = key(network);
        // First of all, so that a flood of registrations during a pause writes nothing.
        refusePaused(key);
        var claimed = claim(key, network, caller);
        try {
            return work.get();
        } catch (RuntimeException e) {
            database.inDetachedTransaction(tx -> {
                store.giveBack(tx, key, claimed);
                return key;
            });
            throw e;
        }
    }

    private void refusePaused(byte[] key) {
        var now = clock.instant();
        var until = database.read(session -> store.pausedUntil(session, key));
        if (until.isPresent() && until.get().isAfter(now)) {
            throw paused(Duration.between(now, until.get()));
        }
    }

    private Claimed claim(byte[] key, ClientNetwork network, Caller caller) {
        var now = clock.instant();
        var claimed = database.inTransaction(tx -> {
            var counted = store.claimFading(tx, key, limit, FADING, now, now.minus(FORGOTTEN));
            counted.ifPresent(one -> tell(tx, one, network, caller));
            return counted;
        });
        return claimed.orElseThrow(() -> {
            refusePaused(key);
            // The pause that was in the way is over by now.
            return paused(Duration.ZERO);
        });
    }

    private void tell(Tx tx, Claimed claimed, ClientNetwork network, Caller caller) {
        var until = claimed.pausedUntil();
        if (until != null) {
            audit.append(
                    tx,
                    AuditType.REGISTRATION_PAUSED,
                    caller,
                    AuditEvent.address(network.name()),
                    claimed.failures() + " registrations, until " + until.truncatedTo(ChronoUnit.SECONDS));
        }
    }

    /// Forgets the registrations from an address.
    void lift(Tx tx, ClientNetwork network) {
        store.reset(tx, key(network));
    }

    private byte[] key(ClientNetwork network) {
        return vault.code(network.name().getBytes(StandardCharsets.UTF_8), "registration-address");
    }

    private static IdentityException paused(Duration left) {
        return new IdentityException(new IdentityFailure.RegistrationPaused(SignInThrottle.told(left)));
    }
}
