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
import bank.platform.auth.Principal;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/// Holds back who registers one account after the other, to learn who has one or to fill the database.
/// Registrations are counted by address, whatever comes of them, and by the networks around it; from a number
/// on each brings a pause, twice as long as the one before. Each hour makes one forgotten, in the wider
/// networks several.
public final class RegistrationThrottle {
    private static final Duration FORGOTTEN = Duration.ofHours(24);
    // So that an address from which people register day by day does not count them all its life.
    static final Duration FADING = Duration.ofHours(1);
    // Of a sign-in it may be long, for it keeps one account waiting. This one keeps waiting whoever shares an
    // address.
    static final Duration PAUSE_MAX = Duration.ofMinutes(1);
    // Times as many as from one address. A household has a /56; a /48 may be one subscriber's, or a town's
    // mobile phones.
    static final List<Integer> WIDER = List.of(5, 25);
    // Whoever administers an organisation makes those of it, one after the other.
    private static final int OF_ADMINISTRATOR = 5;
    // Those whose address nobody tells count as one.
    private static final ClientNetwork NOWHERE = new ClientNetwork("unknown");

    /// What counts a registration.
    ///
    /// @param subject whose registrations, as the audit log calls it
    /// @param times how many times as many it takes as an address, and forgets as fast
    @SuppressWarnings("ArrayRecordComponent")
    private record Counter(String subject, byte[] key, int times) {}

    @SuppressWarnings("ArrayRecordComponent")
    private record Counted(byte[] key, Claimed claimed) {}

    private final Database database;
    private final SignInCounterStore store;
    private final Vault vault;
    private final int registrationsMax;
    private final AuditLog audit;
    private final Clock clock;
    private final Turns turns;

    /// @param store counts them beside failed sign-ins, whose purge forgets them too
    /// @param vault makes the codes addresses and users are known by
    /// @param registrationsMax registrations from an address from which on each brings a pause
    /// @param patience how long the running call may wait for others
    public RegistrationThrottle(
            Database database,
            SignInCounterStore store,
            Vault vault,
            int registrationsMax,
            AuditLog audit,
            Supplier<Duration> patience,
            Clock clock) {
        this.database = database;
        this.store = store;
        this.vault = vault;
        this.registrationsMax = registrationsMax;
        this.audit = audit;
        this.clock = clock;
        this.turns = Turns.singly(patience);
    }

    /// Does the work of a registration, which counts from before it begins, unless nothing comes of it.
    ///
    /// @throws IdentityException RegistrationPaused
    <T> T attempt(Caller caller, Supplier<T> work) {
        return attempt(counters(ClientNetwork.of(caller.origin().address()).orElse(NOWHERE)), caller, work);
    }

    /// The same for one who registers others, wherever he is: one after the other, for those who waited for his counter
    /// would each hold a connection.
    ///
    /// @throws IdentityException RegistrationPaused, Overloaded
    <T> T attempt(Principal.User registrar, Caller caller, Supplier<T> work) {
        var counter = counter(registrar.id());
        return turns.inTurn(counter.key(), null, () -> attempt(List.of(counter), caller, work));
    }

    private <T> T attempt(List<Counter> counters, Caller caller, Supplier<T> work) {
        // First of all, so that a flood of registrations during a pause writes nothing.
        refusePaused(counters);
        var counted = claim(counters, caller);
        try {
            return work.get();
        } catch (RuntimeException e) {
            database.inDetachedTransaction(tx -> {
                counted.forEach(one -> store.giveBack(tx, one.key(), one.claimed()));
                return counted;
            });
            throw e;
        }
    }

    /// From the narrowest on, so that nobody waits in a circle.
    private List<Counter> counters(ClientNetwork network) {
        var counters = new ArrayList<Counter>();
        counters.add(counter(network, 1));
        var wider = network.wider();
        for (var i = 0; i < wider.size(); i++) {
            counters.add(counter(wider.get(i), WIDER.get(i)));
        }
        return counters;
    }

    private void refusePaused(List<Counter> counters) {
        var now = clock.instant();
        var until = database.read(session -> counters.stream()
                .flatMap(counter -> store.pausedUntil(session, counter.key()).stream())
                .max(Comparator.naturalOrder()));
        if (until.isPresent() && until.get().isAfter(now)) {
            throw paused(Duration.between(now, until.get()));
        }
    }

    /// All counters or none.
    private List<Counted> claim(List<Counter> counters, Caller caller) {
        var now = clock.instant();
        var claimed = database.inTransaction(tx -> {
            var all = new ArrayList<Counted>();
            for (var counter : counters) {
                var one = store.claimFading(
                        tx,
                        counter.key(),
                        new Limit(registrationsMax * counter.times(), PAUSE_MAX),
                        FADING.dividedBy(counter.times()),
                        now,
                        now.minus(FORGOTTEN));
                if (one.isEmpty()) {
                    tx.rollbackAtEnd();
                    return List.<Counted>of();
                }
                all.add(new Counted(counter.key(), one.get()));
            }
            for (var i = 0; i < all.size(); i++) {
                tell(tx, all.get(i).claimed(), counters.get(i).subject(), caller);
            }
            return all;
        });
        if (claimed.isEmpty()) {
            refusePaused(counters);
            // The pause that was in the way is over by now.
            throw paused(Duration.ZERO);
        }
        return claimed;
    }

    private void tell(Tx tx, Claimed claimed, String subject, Caller caller) {
        var until = claimed.pausedUntil();
        if (until != null) {
            audit.append(
                    tx,
                    AuditType.REGISTRATION_PAUSED,
                    caller,
                    subject,
                    claimed.failures() + " registrations, until " + until.truncatedTo(ChronoUnit.SECONDS));
        }
    }

    /// Forgets the registrations from an address, and from the networks around it: any of them may be in its
    /// way.
    void lift(Tx tx, ClientNetwork network) {
        counters(network).forEach(counter -> store.reset(tx, counter.key()));
    }

    /// Forgets the registrations by one who registers others.
    void lift(Tx tx, long registrar) {
        store.reset(tx, counter(registrar).key());
    }

    private Counter counter(ClientNetwork network, int times) {
        return new Counter(AuditEvent.address(network.name()), key("registration-address", network.name()), times);
    }

    private Counter counter(long registrar) {
        return new Counter(
                AuditEvent.user(registrar), key("registration-user", Long.toString(registrar)), OF_ADMINISTRATOR);
    }

    private byte[] key(String purpose, String name) {
        return vault.code(name.getBytes(StandardCharsets.UTF_8), purpose);
    }

    private static IdentityException paused(Duration left) {
        return new IdentityException(new IdentityFailure.RegistrationPaused(SignInThrottle.told(left)));
    }
}
