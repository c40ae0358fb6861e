package bank.identity.keys;

import bank.identity.model.SigningKeyState;
import bank.identity.store.SigningKeyStore;
import bank.identity.store.StartLock;
import bank.platform.db.Database;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The keys of the access tokens, kept in the database and read anew every 10 seconds, so that all
/// instances follow a rotation. A key not known here is looked for at once, at most every 5 seconds.
public final class SigningKeys implements JWKSource<SecurityContext> {
    private static final Duration FRESH = Duration.ofSeconds(10);
    private static final Duration FRESH_WHILE_WORKING = Duration.ofMinutes(1);
    private static final Duration REREAD_PAUSE = Duration.ofSeconds(5);

    private record Known(JWKSet published, RSAKey active, Instant readAt) {
        @Override
        public String toString() {
            return "Known[" + published + "]";
        }
    }

    private final Database database;
    private final SigningKeyStore store;
    private final SealedKeys sealed;
    private final Clock clock;
    private final Duration publishedAfterRetiring;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile @Nullable Known known;

    /// @param publishedAfterRetiring how long a retired key is published: the life of an access token and a margin
    public SigningKeys(
            Database database, SigningKeyStore store, SealedKeys sealed, Clock clock, Duration publishedAfterRetiring) {
        this.database = database;
        this.store = store;
        this.sealed = sealed;
        this.clock = clock;
        this.publishedAfterRetiring = publishedAfterRetiring;
    }

    /// Makes the first key when there is none; safe with several instances at once.
    ///
    /// @throws VaultException when the stored keys were sealed by another key-encryption key
    public void prepare() {
        database.inTransaction(tx -> {
            StartLock.hold(tx);
            if (!store.anyActive(tx)) {
                store.insert(tx, sealed.generate(SigningKeyState.ACTIVE), clock.instant());
            }
            return true;
        });
        known = read();
    }

    /// The public keys, to be published as a key set (RFC 7517).
    public JWKSet published() {
        return current().published();
    }

    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) throws KeySourceException {
        try {
            var now = current();
            var found = selector.select(now.published());
            return found.isEmpty() && older(now, REREAD_PAUSE)
                    ? selector.select(reread(now).published())
                    : found;
        } catch (RuntimeException e) {
            throw new KeySourceException("the signing keys cannot be read", e);
        }
    }

    /// Reads the keys again when that is due, so that [#active()] need not. Who is about to begin a transaction calls
    /// this first.
    void refresh() {
        var _ = current();
    }

    /// The key that signs now, with its private half. Called in transactions, where it reads nothing for a minute
    /// after [#refresh()]: a reader there would wait for a second connection while others wait for what the first
    /// one holds.
    RSAKey active() {
        return current(FRESH_WHILE_WORKING).active();
    }

    private Known current() {
        return current(FRESH);
    }

    private Known current(Duration fresh) {
        var now = known;
        if (now == null) {
            throw new IllegalStateException("prepare() comes first");
        }
        return older(now, fresh) ? reread(now) : now;
    }

    private boolean older(Known than, Duration age) {
        return clock.instant().isAfter(than.readAt().plus(age));
    }

    /// Reads the keys unless somebody else just did or is about to.
    private Known reread(Known old) {
        if (!reading.tryLock()) {
            return old;
        }
        try {
            var now = known;
            if (now != null && now.readAt().isAfter(old.readAt())) {
                return now;
            }
            var fresh = read();
            known = fresh;
            return fresh;
        } finally {
            reading.unlock();
        }
    }

    private Known read() {
        var now = clock.instant();
        var stored = database.read(session -> store.published(session, now.minus(publishedAfterRetiring)));
        var published = new ArrayList<JWK>();
        RSAKey active = null;
        try {
            for (var key : stored) {
                published.add(JWK.parse(key.publicJwk()));
                if (key.state() == SigningKeyState.ACTIVE) {
                    active = sealed.open(key);
                }
            }
        } catch (ParseException e) {
            throw new IllegalStateException("a stored signing key is no JWK", e);
        }
        if (active == null) {
            throw new IllegalStateException("no signing key is active");
        }
        return new Known(new JWKSet(published), active, now);
    }
}
