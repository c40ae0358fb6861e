package bank.identity.domain;

import bank.identity.keys.Vault;
import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.ClientNetwork;
import bank.identity.model.EmailAddress;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.store.SignInCounterStore;
import bank.identity.store.SignInCounterStore.Claimed;
import bank.identity.store.SignInCounterStore.Keys;
import bank.identity.store.SignInCounterStore.Limit;
import bank.identity.store.SignInCounterStore.Standing;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Holds back who tries passwords. Failures are counted by account, whether there is such an account or not, and by
/// address; from a number on each brings a pause, twice as long as the one before. An address from which somebody
/// signed in of late has a counter of its own for him, in place of both: no stranger can lock him out.
///
/// An attempt is counted as failed before its password is looked at, and given back when it was right, so that attempts
/// made at once do not get past either.
public final class SignInThrottle {
    private static final Logger log = LoggerFactory.getLogger(SignInThrottle.class);
    private static final Duration FORGOTTEN = Duration.ofHours(24);
    private static final Duration ADDRESS_KNOWN = Duration.ofDays(30);
    private static final Duration ADDRESS_RENEWED = Duration.ofDays(1);
    private static final Duration PAUSE_MIN = Duration.ofSeconds(1);

    /// From when on failures bring pauses.
    ///
    /// @param accountFailuresMax failures of an account
    /// @param addressFailuresMax failures of an address
    /// @param pauseMax longest pause
    public record Limits(int accountFailuresMax, int addressFailuresMax, Duration pauseMax) {
        Limit account() {
            return new Limit(accountFailuresMax, pauseMax);
        }

        Limit address() {
            return new Limit(addressFailuresMax, pauseMax);
        }
    }

    /// A counter that counts an attempt.
    @SuppressWarnings("ArrayRecordComponent")
    private record Counter(byte[] key, @Nullable ClientNetwork network, Claimed claimed) {}

    /// An attempt that counts as failed. How it ends is kept whatever becomes of the call.
    final class Attempt {
        private final Keys keys;
        private final boolean seenToday;
        private final List<Counter> counters;

        private Attempt(Keys keys, boolean seenToday, List<Counter> counters) {
            this.keys = keys;
            this.seenToday = seenToday;
            this.counters = counters;
        }

        /// It was right: the account has no failures here any more.
        void succeeded() {
            database.inDetachedTransaction(tx -> {
                for (var counter : counters) {
                    if (counter.network() == null) {
                        store.reset(tx, counter.key());
                    } else {
                        store.giveBack(tx, counter.key(), counter.claimed());
                    }
                }
                if (keys.address() != null && !seenToday) {
                    store.remember(tx, keys.account(), keys.address(), clock.instant());
                }
                return keys;
            });
        }

        /// Nobody looked at its password.
        void giveBack() {
            database.inDetachedTransaction(tx -> {
                counters.forEach(counter -> store.giveBack(tx, counter.key(), counter.claimed()));
                return keys;
            });
        }

        /// It was wrong: the pauses it began are told in the audit log.
        ///
        /// @param subject the account, as the audit log calls it
        void failed(Tx tx, Caller caller, String subject) {
            for (var counter : counters) {
                var until = counter.claimed().pausedUntil();
                if (until != null) {
                    var failures = counter.claimed().failures() + " failures";
                    audit.append(
                            tx,
                            AuditType.SIGN_IN_PAUSED,
                            caller,
                            counter.network() == null ? subject : address(counter.network()),
                            failures + ", until " + until.truncatedTo(ChronoUnit.SECONDS));
                }
            }
        }
    }

    private final Database database;
    private final SignInCounterStore store;
    private final Vault vault;
    private final Limits limits;
    private final AuditLog audit;
    private final Clock clock;
    private final Turns turns;

    /// @param vault makes the codes accounts and addresses are known by
    /// @param patience how long the running call may wait for others
    public SignInThrottle(
            Database database,
            SignInCounterStore store,
            Vault vault,
            Limits limits,
            AuditLog audit,
            Supplier<Duration> patience,
            Clock clock) {
        this.database = database;
        this.store = store;
        this.vault = vault;
        this.limits = limits;
        this.audit = audit;
        this.turns = new Turns(limits, patience);
        this.clock = clock;
    }

    /// An attempt to sign in.
    @FunctionalInterface
    interface Work<T> {
        /// Ends the attempt in one of its ways; one that is not ended has failed.
        T run(Attempt attempt);
    }

    /// Makes an attempt.
    ///
    /// @param email as it was typed
    /// @throws IdentityException SignInPaused; Overloaded when too many wait for the same account or address
    <T> T attempt(String email, Caller caller, Work<T> work) {
        var network = ClientNetwork.of(caller.origin().address());
        var keys = keys(EmailAddress.folded(email), network);
        // First of all, so that a flood of attempts during a pause keeps nobody waiting.
        var signedInAt = standing(keys).signedInAt();
        var counted = signedInAt == null
                ? new Counted(keys.account(), keys.address(), network.orElse(null))
                : new Counted(keys.accountHere(), null, null);
        return turns.inTurn(counted.account(), counted.address(), () -> work.run(claim(keys, signedInAt, counted)));
    }

    /// What counts an attempt: where the account is at home, the address does not.
    @SuppressWarnings("ArrayRecordComponent")
    private record Counted(
            byte[] account,
            byte @Nullable [] address,
            @Nullable ClientNetwork network) {}

    /// @throws IdentityException SignInPaused
    private Standing standing(Keys keys) {
        var now = clock.instant();
        var standing = database.read(session -> store.standing(session, keys, now.minus(ADDRESS_KNOWN)));
        var until = standing.pausedUntil();
        if (until != null && until.isAfter(now)) {
            throw paused(Duration.between(now, until));
        }
        return standing;
    }

    private Attempt claim(Keys keys, @Nullable Instant signedInAt, Counted counted) {
        var now = clock.instant();
        var seenToday = signedInAt != null && signedInAt.isAfter(now.minus(ADDRESS_RENEWED));
        return database.inTransaction(tx -> counters(tx, keys, counted, now))
                .map(counters -> new Attempt(keys, seenToday, counters))
                .orElseThrow(() -> {
                    standing(keys);
                    // The pause that was in the way is over by now.
                    return paused(PAUSE_MIN);
                });
    }

    /// All counters or none. Everybody takes an account's before an address's, so that nobody waits in a circle.
    private Optional<List<Counter>> counters(Tx tx, Keys keys, Counted counted, Instant now) {
        var counters = new ArrayList<Counter>();
        var forgotten = now.minus(FORGOTTEN);
        store.claim(tx, counted.account(), keys.account(), limits.account(), now, forgotten)
                .ifPresent(claimed -> counters.add(new Counter(counted.account(), null, claimed)));
        var address = counted.address();
        if (!counters.isEmpty() && address != null) {
            store.claim(tx, address, null, limits.address(), now, forgotten)
                    .ifPresentOrElse(
                            claimed -> counters.add(new Counter(address, counted.network(), claimed)), counters::clear);
        }
        if (counters.isEmpty()) {
            tx.rollbackAtEnd();
            return Optional.empty();
        }
        return Optional.of(counters);
    }

    /// Forgets the failures of an account.
    void lift(Tx tx, EmailAddress email) {
        store.resetAccount(tx, account(email.value()));
    }

    /// Forgets the failures of an address.
    void lift(Tx tx, ClientNetwork network) {
        store.reset(tx, address(network.name()));
    }

    /// Removes what counts no more.
    public void purge() {
        var now = clock.instant();
        while (database.inTransaction(tx -> store.purgeCounters(tx, now.minus(FORGOTTEN), now)) > 0) {
            log.debug("counters that failed before {} purged", now.minus(FORGOTTEN));
        }
        while (database.inTransaction(tx -> store.purgeAddresses(tx, now.minus(ADDRESS_KNOWN))) > 0) {
            log.debug("addresses signed in from before {} purged", now.minus(ADDRESS_KNOWN));
        }
    }

    private Keys keys(String email, Optional<ClientNetwork> network) {
        var account = account(email);
        var here = network.map(where -> code("account-at", where.name() + " " + email));
        return new Keys(
                account,
                here.orElse(account),
                network.map(where -> address(where.name())).orElse(null));
    }

    private byte[] account(String email) {
        return code("account", email);
    }

    private byte[] address(String network) {
        return code("address", network);
    }

    private byte[] code(String kind, String text) {
        return vault.code(text.getBytes(StandardCharsets.UTF_8), "sign-in-" + kind);
    }

    private static String address(ClientNetwork network) {
        return AuditEvent.address(network.name());
    }

    private static IdentityException paused(Duration left) {
        return new IdentityException(new IdentityFailure.SignInPaused(told(left)));
    }

    /// A pause as it is told: in whole seconds, for that is what Retry-After can tell, and one at least.
    static Duration told(Duration left) {
        return Duration.ofSeconds(Math.max(1, left.plusSeconds(1).minusNanos(1).toSeconds()));
    }
}
