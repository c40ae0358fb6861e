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
import bank.identity.store.SignInCounterStore.Pause;
import bank.identity.store.SignInCounterStore.Standing;
import bank.identity.store.UserStore;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Holds back who tries passwords. Failures are counted by account, whether there is such an account or not, and by
/// address and the networks around it; from a number on each brings a pause, twice as long as the one before.
///
/// An attempt is counted as failed before its password is looked at, and given back when it was right, so that attempts
/// made at once do not get past either.
///
/// During a pause every attempt is answered as one that meets it, save the right password of who signed in from the same
/// address of late: no stranger can lock him out. A few are looked at for that, of each account at each address so many
/// an hour, known or not, so that neither the answer nor its time tells who is known there.
public final class SignInThrottle {
    private static final Logger log = LoggerFactory.getLogger(SignInThrottle.class);
    private static final Duration FORGOTTEN = Duration.ofHours(24);
    private static final Duration ADDRESS_KNOWN = Duration.ofDays(30);
    private static final Duration ADDRESS_RENEWED = Duration.ofDays(1);
    private static final Duration PAUSE_MIN = Duration.ofSeconds(1);
    private static final Duration TRIES_PERIOD = Duration.ofHours(1);
    private static final int TRIES_MAX = 5;

    /// Passwords looked at at once during pauses.
    public static final int TRIED_AT_ONCE_MAX = 2;

    /// From when on failures bring pauses.
    ///
    /// @param accountFailuresMax failures of an account
    /// @param addressFailuresMax failures of an address
    /// @param pauseMax longest pause
    public record Limits(int accountFailuresMax, int addressFailuresMax, Duration pauseMax) {
        Limit account() {
            return new Limit(accountFailuresMax, pauseMax);
        }

        /// Whoever shares a wider network waits for its pauses, and these are short.
        Limit network(int times) {
            var longest = RegistrationThrottle.PAUSE_MAX;
            return new Limit(
                    addressFailuresMax * times, times == 1 || pauseMax.compareTo(longest) < 0 ? pauseMax : longest);
        }
    }

    /// What counts attempts.
    ///
    /// @param network null for an account
    /// @param times how many times as many failures it takes as an address, and forgets as fast
    @SuppressWarnings("ArrayRecordComponent")
    private record Counter(byte[] key, @Nullable ClientNetwork network, int times) {}

    /// A counter that counts an attempt.
    private record Counted(Counter counter, Claimed claimed) {
        byte[] key() {
            return counter.key();
        }

        @Nullable
        ClientNetwork network() {
            return counter.network();
        }
    }

    /// Who tries, and where.
    ///
    /// @param account what counts the account
    /// @param networks what counts where he is, the narrowest first; none when that is not known
    private record Place(String email, Counter account, List<Counter> networks) {
        Keys keys() {
            return new Keys(account.key(), networks.stream().map(Counter::key).toList());
        }

        byte @Nullable [] address() {
            return networks.isEmpty() ? null : networks.getFirst().key();
        }

        /// Everybody takes an account's before an address's, so that nobody waits in a circle.
        List<Counter> counters() {
            return Stream.concat(Stream.of(account), networks.stream()).toList();
        }

        String subject(Counter of, Supplier<String> user) {
            return of.network() == null
                    ? user.get()
                    : AuditEvent.address(of.network().name());
        }
    }

    /// An attempt that counts as failed. How it ends is kept whatever becomes of the call.
    final class Attempt {
        private final Place place;
        private final @Nullable Instant signedInAt;
        private final List<Counted> counters;

        private Attempt(Place place, @Nullable Instant signedInAt, List<Counted> counters) {
            this.place = place;
            this.signedInAt = signedInAt;
            this.counters = counters;
        }

        /// It was right: the account has no failures any more.
        void succeeded() {
            database.inDetachedTransaction(tx -> {
                for (var counted : counters) {
                    if (counted.network() == null) {
                        store.reset(tx, counted.key());
                    } else {
                        store.giveBack(tx, counted.key(), counted.claimed());
                    }
                }
                remember(tx, place, signedInAt);
                return place;
            });
        }

        /// Nobody looked at its password.
        void giveBack() {
            database.inDetachedTransaction(tx -> {
                counters.forEach(counted -> store.giveBack(tx, counted.key(), counted.claimed()));
                return place;
            });
        }

        /// It was wrong: the pauses it began are told in the audit log.
        ///
        /// @param subject the account, as the audit log calls it
        void failed(Tx tx, Caller caller, String subject) {
            for (var counted : counters) {
                var until = counted.claimed().pausedUntil();
                if (until != null) {
                    var failures = counted.claimed().failures() + " failures";
                    audit.append(
                            tx,
                            AuditType.SIGN_IN_PAUSED,
                            caller,
                            place.subject(counted.counter(), () -> subject),
                            failures + ", until " + until.truncatedTo(ChronoUnit.SECONDS));
                }
            }
        }
    }

    private final Database database;
    private final SignInCounterStore store;
    private final UserStore users;
    private final Vault vault;
    private final Limits limits;
    private final AuditLog audit;
    private final Clock clock;
    private final Turns turns;
    private final Semaphore turnsInPause = new Semaphore(TRIED_AT_ONCE_MAX);
    private final RefusalRate triesInPause;

    /// @param users tells the audit log whose account waits
    /// @param vault makes the codes accounts and addresses are known by
    /// @param patience how long the running call may wait for others
    public SignInThrottle(
            Database database,
            SignInCounterStore store,
            UserStore users,
            Vault vault,
            Limits limits,
            AuditLog audit,
            Supplier<Duration> patience,
            Clock clock) {
        this.database = database;
        this.store = store;
        this.users = users;
        this.vault = vault;
        this.limits = limits;
        this.audit = audit;
        this.turns = new Turns(limits, patience);
        this.triesInPause = new RefusalRate(TRIES_PERIOD, clock);
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
    /// @param inPause whom the password signs in, at the same cost whether that is anybody or not; asked during a pause
    /// @throws IdentityException SignInPaused; Overloaded when too many wait for the same account or address
    <T> T attempt(String email, Caller caller, Work<T> work, Supplier<Optional<T>> inPause) {
        var place = place(email, ClientNetwork.of(caller.origin().address()));
        // First of all, so that a flood of attempts during a pause keeps nobody waiting.
        var standing = standing(place);
        if (standing.pause() == null) {
            var signedInAt = standing.signedInAt();
            var made = turns.inTurn(
                    place.account().key(),
                    place.address(),
                    () -> claim(place).map(counters -> work.run(new Attempt(place, signedInAt, counters))));
            if (made.isPresent()) {
                return made.get();
            }
            standing = standing(place);
        }
        var pause = standing.pause();
        if (pause == null) {
            // The one that was in the way is over by now.
            throw paused(PAUSE_MIN);
        }
        var signedInAt = standing.signedInAt();
        var right = tried(place, signedInAt != null, inPause);
        if (right.isEmpty()) {
            tell(place, pause, caller);
            throw paused(Duration.between(clock.instant(), pause.until()));
        }
        database.inDetachedTransaction(tx -> {
            remember(tx, place, signedInAt);
            return place;
        });
        return right.get();
    }

    /// Empty for whoever is new here, and when it was not looked at, too. Of him a right password counts as a wrong one:
    /// else what is looked at after it would tell.
    private <T> Optional<T> tried(Place place, boolean known, Supplier<Optional<T>> inPause) {
        if (!turnsInPause.tryAcquire()) {
            return Optional.empty();
        }
        try {
            var here = HexFormat.of().formatHex(place.account().key())
                    + Optional.ofNullable(place.address())
                            .map(HexFormat.of()::formatHex)
                            .orElse("");
            if (triesInPause.count(here) > TRIES_MAX) {
                return Optional.empty();
            }
            var right = inPause.get().filter(user -> known);
            if (right.isPresent()) {
                triesInPause.forget(here);
            }
            return right;
        } finally {
            turnsInPause.release();
        }
    }

    /// The audit log has the first refusal of each pause.
    private void tell(Place place, Pause pause, Caller caller) {
        if (pause.told()) {
            return;
        }
        // Who goes away before he is answered is told of all the same.
        database.inDetachedTransaction(tx -> {
            if (store.tellRefusal(tx, pause)) {
                var counter = place.counters().stream()
                        .filter(each -> Arrays.equals(each.key(), pause.key()))
                        .findFirst()
                        .orElseThrow();
                audit.append(
                        tx,
                        AuditType.SIGN_IN_REFUSED,
                        caller,
                        place.subject(counter, () -> user(tx, place.email())),
                        "paused until " + pause.until().truncatedTo(ChronoUnit.SECONDS) + ", as are further attempts");
            }
            return pause;
        });
    }

    /// Nothing is kept of the e-mail, for it may be a password in the wrong field.
    private String user(Tx tx, String email) {
        return EmailAddress.parse(email)
                .flatMap(address -> users.find(tx, address))
                .map(user -> AuditEvent.user(user.id()))
                .orElse("unknown");
    }

    private Standing standing(Place place) {
        var now = clock.instant();
        return database.read(session -> store.standing(session, place.keys(), now.minus(ADDRESS_KNOWN), now));
    }

    /// All counters or none.
    private Optional<List<Counted>> claim(Place place) {
        var now = clock.instant();
        return database.inTransaction(tx -> {
            var all = new ArrayList<Counted>();
            for (var counter : place.counters()) {
                var claimed = claim(tx, counter, now);
                if (claimed.isEmpty()) {
                    tx.rollbackAtEnd();
                    return Optional.<List<Counted>>empty();
                }
                all.add(new Counted(counter, claimed.get()));
            }
            return Optional.of(all);
        });
    }

    private Optional<Claimed> claim(Tx tx, Counter counter, Instant now) {
        var forgotten = now.minus(FORGOTTEN);
        return counter.network() == null
                ? store.claim(tx, counter.key(), limits.account(), now, forgotten)
                : store.claimFading(
                        tx,
                        counter.key(),
                        limits.network(counter.times()),
                        RegistrationThrottle.FADING.dividedBy(counter.times()),
                        now,
                        forgotten);
    }

    private void remember(Tx tx, Place place, @Nullable Instant signedInAt) {
        var now = clock.instant();
        var address = place.address();
        if (address != null && (signedInAt == null || !signedInAt.isAfter(now.minus(ADDRESS_RENEWED)))) {
            store.remember(tx, place.account().key(), address, now);
        }
    }

    /// Forgets the failures of an account.
    void lift(Tx tx, EmailAddress email) {
        store.reset(tx, account(email.value()));
    }

    /// Forgets the failures of an address, and of the networks around it: any of them may be in its way.
    void lift(Tx tx, ClientNetwork network) {
        networks(network).forEach(counter -> store.reset(tx, counter.key()));
    }

    /// Forgets where somebody signed in from: he is new everywhere.
    void forgetAddresses(Tx tx, EmailAddress email) {
        store.forgetAddresses(tx, account(email.value()));
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

    private Place place(String email, Optional<ClientNetwork> network) {
        return new Place(
                email,
                new Counter(account(EmailAddress.folded(email)), null, 1),
                network.map(this::networks).orElse(List.of()));
    }

    private List<Counter> networks(ClientNetwork network) {
        var counters = new ArrayList<Counter>();
        counters.add(counter(network, 1));
        var wider = network.wider();
        for (var i = 0; i < wider.size(); i++) {
            counters.add(counter(wider.get(i), RegistrationThrottle.WIDER.get(i)));
        }
        return counters;
    }

    private Counter counter(ClientNetwork network, int times) {
        return new Counter(code("address", network.name()), network, times);
    }

    private byte[] account(String email) {
        return code("account", email);
    }

    private byte[] code(String kind, String text) {
        return vault.code(text.getBytes(StandardCharsets.UTF_8), "sign-in-" + kind);
    }

    private static IdentityException paused(Duration left) {
        return new IdentityException(new IdentityFailure.SignInPaused(told(left)));
    }

    /// A pause as it is told: in whole seconds, for that is what Retry-After can tell, and one at least.
    static Duration told(Duration left) {
        return Duration.ofSeconds(Math.max(1, left.plusSeconds(1).minusNanos(1).toSeconds()));
    }
}
