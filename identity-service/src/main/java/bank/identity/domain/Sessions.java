package bank.identity.domain;

import bank.identity.keys.AccessTokens;
import bank.identity.keys.RefreshTokens;
import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.Origin;
import bank.identity.model.ProvedUser;
import bank.identity.model.Role;
import bank.identity.model.TokenKey;
import bank.identity.model.TokenPair;
import bank.identity.model.TokenUser;
import bank.identity.model.UserScope;
import bank.identity.model.UserStatus;
import bank.identity.store.MemberStore;
import bank.identity.store.SessionStore;
import bank.identity.store.SessionStore.Stored;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sessions and their refresh tokens. Each exchange replaces the token by its successor; a token that
/// was replaced before is reuse and ends the session, save a retry with the token just replaced.
public final class Sessions {
    private static final Logger log = LoggerFactory.getLogger(Sessions.class);
    private static final long FIRST_GENERATION = 1;

    /// How long sessions live.
    ///
    /// @param unused from the last use
    /// @param total from the sign-in
    /// @param retry how long a replaced token may be presented again
    public record Life(Duration unused, Duration total, Duration retry) {}

    private final Database database;
    private final SessionStore store;
    private final MemberStore members;
    private final RefreshTokens refreshTokens;
    private final AccessTokens accessTokens;
    private final Life life;
    private final AuditLog audit;
    private final CappedEvents events;
    private final Clock clock;

    /// @param members tells which organisations users belong to
    /// @param life how long sessions live
    /// @param events tell of good refresh tokens that are refused
    public Sessions(
            Database database,
            SessionStore store,
            MemberStore members,
            RefreshTokens refreshTokens,
            AccessTokens accessTokens,
            Life life,
            AuditLog audit,
            CappedEvents events,
            Clock clock) {
        this.database = database;
        this.store = store;
        this.members = members;
        this.refreshTokens = refreshTokens;
        this.accessTokens = accessTokens;
        this.life = life;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
    }

    /// Opens a session of a user who has proved who he is.
    ///
    /// @param key what his tokens are bound to; null for bearer tokens
    /// @return empty when he may no longer sign in, or all his sessions were ended since he proved it
    Optional<TokenPair> open(Tx tx, ProvedUser user, String clientId, @Nullable TokenKey key, Caller caller) {
        var id = UUID.randomUUID();
        var tokens = open(tx, id, user, clientId, null, key, caller.origin());
        tokens.ifPresent(_ -> tell(tx, id, user.id(), clientId, caller));
        return tokens;
    }

    /// Opens a session of a user who has proved who he is, in a client that may do only what he lets it do.
    /// The audit log is yet to be told.
    ///
    /// @param scopes what he lets it do; null for a client of the bank itself
    /// @param key what his tokens are bound to; null for bearer tokens
    /// @return empty when he may no longer sign in, or all his sessions were ended since he proved it
    Optional<TokenPair> open(
            Tx tx,
            UUID id,
            ProvedUser user,
            String clientId,
            @Nullable Set<String> scopes,
            @Nullable TokenKey key,
            Origin origin) {
        var secret = refreshTokens.newSecret(id);
        // The role he has now: it may have changed while his password was looked at.
        return store.insert(tx, id, user, clientId, scopes, secret, refreshKey(key), origin, clock.instant())
                .map(role -> new TokenPair(
                        accessTokens.forUser(speaksOf(tx, user.id(), role, scopes), id, clientId, scopes, key),
                        refreshTokens.token(id, FIRST_GENERATION, secret)));
    }

    /// Tells the audit log of a session just opened, once all that takes time is done. Comes last in the
    /// transaction.
    void tell(Tx tx, UUID id, long userId, String clientId, Caller caller) {
        audit.append(tx, AuditType.SIGNED_IN, caller, AuditEvent.user(userId), subject(id, clientId));
    }

    /// No scope tells of organisations, so that clients that have some are told of none.
    private TokenUser speaksOf(Tx tx, long userId, Role role, @Nullable Set<String> scopes) {
        return new TokenUser(userId, role, scopes == null ? members.organizationIds(tx, userId) : List.of());
    }

    private static @Nullable String refreshKey(@Nullable TokenKey key) {
        return key != null && key.bindsRefreshTokens() ? key.thumbprint() : null;
    }

    /// Exchanges a refresh token for a new pair.
    ///
    /// @param clientId client that presents it, which must be the one it was given to
    /// @throws IdentityException RefreshTokenInvalid; AccountBlocked; ProofRequired
    public TokenPair refresh(String token, String clientId, Caller caller) {
        return refresh(token, clientId, Set.of(), null, caller);
    }

    /// Makes ready to open a session in a transaction that begins after this.
    void prepare() {
        accessTokens.prepare();
    }

    /// Exchanges a refresh token for a new pair. It stays bound to what its session was opened with, a key or none: a
    /// thief who could bind it to a key of his own would not be found out when its owner uses it again.
    ///
    /// @param clientId client that presents it, which must be the one it was given to
    /// @param wanted all that the new access token is to allow, of what the session does; none: all that
    ///     the session does. The session, and its next refresh token, keep what they have
    /// @param key what the new tokens are bound to; null for bearer tokens
    /// @throws IdentityException RefreshTokenInvalid; AccountBlocked; ScopeRefused, and the token is not spent;
    ///     ProofRequired when the token is bound to another key
    public TokenPair refresh(String token, String clientId, Set<String> wanted, @Nullable TokenKey key, Caller caller) {
        accessTokens.prepare();
        var claim = refreshTokens
                .read(token)
                .orElseThrow(() -> new IdentityException(new IdentityFailure.RefreshTokenInvalid()));
        var session = database.read(reading -> store.find(reading, claim.session()))
                .filter(stored -> refreshTokens.genuine(claim, stored.secret()))
                .orElseThrow(() -> new IdentityException(new IdentityFailure.RefreshTokenInvalid()));
        var exchanged = database.inTransaction(tx -> {
            var tokens = exchange(tx, session, claim.generation(), clientId, wanted, key);
            if (tokens.isEmpty()) {
                // Nothing to keep, so that the end of the call is no reason to stop here.
                tx.rollbackAtEnd();
            }
            return tokens;
        });
        return exchanged.orElseThrow(() -> {
            if (!endReused(session, claim.generation(), caller)) {
                tellRefused(session, claim.generation(), clientId, key, caller);
            }
            return new IdentityException(refusal(session, claim.generation(), key));
        });
    }

    /// Tells the audit log of a token that its owner could use: whoever else presents it may have stolen it.
    private void tellRefused(Stored session, long presented, String clientId, @Nullable TokenKey key, Caller caller) {
        if (!session.open() || presented < session.generation()) {
            return;
        }
        String why;
        if (!session.clientId().equals(clientId)) {
            why = "came from client " + clientId;
        } else if (!proves(key, session)) {
            why = key == null ? "no proof of its key" : "proof of another key";
        } else if (session.status() != UserStatus.ACTIVE) {
            why = "may not sign in";
        } else {
            return;
        }
        events.tell(
                AuditType.REFRESH_REFUSED,
                session.clientId(),
                caller,
                AuditEvent.user(session.userId()),
                "session " + session.id() + ", " + why);
    }

    private static IdentityFailure refusal(Stored session, long presented, @Nullable TokenKey key) {
        if (session.open() && presented >= session.generation() && !proves(key, session)) {
            return new IdentityFailure.ProofRequired();
        }
        return session.open() && session.status() != UserStatus.ACTIVE
                ? new IdentityFailure.AccountBlocked()
                : new IdentityFailure.RefreshTokenInvalid();
    }

    private static boolean proves(@Nullable TokenKey key, Stored session) {
        return session.key() == null || session.key().equals(refreshKey(key));
    }

    private Optional<TokenPair> exchange(
            Tx tx, Stored session, long presented, String clientId, Set<String> wanted, @Nullable TokenKey key) {
        var now = clock.instant();
        var window = new SessionStore.Window(
                now, now.minus(life.unused()), now.minus(life.total()), now.minus(life.retry()));
        if (proves(key, session) && store.rotate(tx, session.id(), clientId, presented, window)) {
            var scopes = narrowed(session, wanted);
            var access = accessTokens.forUser(
                    speaksOf(tx, session.userId(), session.role(), scopes), session.id(), clientId, scopes, key);
            // Whoever asked for scopes and gets others is told which (RFC 6749, section 5.1).
            var told = wanted.isEmpty() || scopes != null ? access : access.telling(UserScope.of(session.role()));
            return Optional.of(new TokenPair(told, refreshTokens.token(session.id(), presented + 1, session.secret())));
        }
        return Optional.empty();
    }

    /// What the access token of a session allows (RFC 6749, section 6). In a client of the bank itself the session
    /// allows whatever the user may, and scopes of OpenID Connect alone take nothing from that: libraries repeat
    /// those of the sign-in.
    ///
    /// @throws IdentityException ScopeRefused
    private static @Nullable Set<String> narrowed(Stored session, Set<String> wanted) {
        var had = session.scopes();
        if (wanted.isEmpty() || (had == null && wanted.stream().allMatch(UserScope::isOpenIdConnect))) {
            return had;
        }
        var granted = had == null ? narrower(session.role()) : had;
        if (!granted.containsAll(wanted)) {
            throw new IdentityException(new IdentityFailure.ScopeRefused(granted));
        }
        return wanted;
    }

    /// What a token of the bank's own client can be narrowed to. With scopes its user acts as a client of the
    /// bank, whatever else he is, so that those of staff alone would allow nothing.
    private static Set<String> narrower(Role role) {
        var scopes = new HashSet<>(UserScope.of(role));
        scopes.retainAll(UserScope.of(Role.CLIENT));
        return Set.copyOf(scopes);
    }

    /// Ends the session of a token that was replaced before. Whoever hangs up does not keep it open.
    ///
    /// @return whether it was open
    private boolean endReused(Stored session, long presented, Caller caller) {
        if (session.status() != UserStatus.ACTIVE) {
            return false;
        }
        var ended = database.inDetachedTransaction(tx -> {
            var reused = store.endReused(tx, session.id(), presented, clock.instant());
            if (reused) {
                audit.append(
                        tx,
                        AuditType.REFRESH_TOKEN_REUSED,
                        caller,
                        AuditEvent.user(session.userId()),
                        subject(session.id(), session.clientId()));
            }
            return reused;
        });
        if (ended) {
            log.warn("session {} of user {} ended: a spent refresh token was used", session.id(), session.userId());
        }
        return ended;
    }

    /// Ends a session whose code was used twice, when it is open.
    void endOfReusedCode(Tx tx, UUID id, long userId, String clientId, Caller caller) {
        if (store.end(tx, id, userId, clock.instant())) {
            audit.append(tx, AuditType.CODE_REUSED, caller, AuditEvent.user(userId), subject(id, clientId));
            log.warn("session {} of user {} ended: the code it was made of was used again", id, userId);
        }
    }

    /// Ends a session of a user. Repeating it is no error.
    ///
    /// @param sid the session as his token names it
    public void end(Tx tx, long userId, String sid, Caller caller) {
        session(sid)
                .filter(id -> store.end(tx, id, userId, clock.instant()))
                .ifPresent(id ->
                        audit.append(tx, AuditType.SESSION_ENDED, caller, AuditEvent.user(userId), "session " + id));
    }

    /// Forgets the sessions so old that each has ended.
    public void purge() {
        var openedBefore = clock.instant().minus(life.total());
        while (database.inTransaction(tx -> store.delete(tx, openedBefore)) > 0) {
            log.debug("sessions opened before {} purged", openedBefore);
        }
    }

    private static String subject(UUID session, String clientId) {
        return "session " + session + ", client " + clientId;
    }

    /// The session a token names; empty when it is one of another issuer.
    static Optional<UUID> session(String sid) {
        try {
            return Optional.of(UUID.fromString(sid));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
