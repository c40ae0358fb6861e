package bank.identity.domain;

import bank.identity.keys.RefreshTokens;
import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.ForeignUser;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.Origin;
import bank.identity.model.UserReference;
import bank.identity.store.ForeignSessionStore;
import bank.platform.db.Tx;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/// Sessions that stand for sessions at other issuers, one for each. One that was ended here stays ended until its
/// user signs in there anew.
public final class ForeignSessions {
    private final ForeignSessionStore store;
    private final RefreshTokens refreshTokens;
    private final Sessions.Life life;
    private final Clock clock;

    /// @param refreshTokens makes their secrets, of which no token is ever made
    /// @param life how long sessions live
    public ForeignSessions(ForeignSessionStore store, RefreshTokens refreshTokens, Sessions.Life life, Clock clock) {
        this.store = store;
        this.refreshTokens = refreshTokens;
        this.life = life;
        this.clock = clock;
    }

    /// The name of a session, for which nobody else looks before the transaction ends.
    ///
    /// @param clientId client that exchanges its user's token
    byte[] lock(Tx tx, long userId, ForeignUser foreign, String clientId) {
        var name = name(userId, foreign, clientId);
        store.lock(tx, name);
        return name;
    }

    /// The session of that name, opened at first sight; empty when it has ended.
    ///
    /// @throws IdentityException AccountBlocked
    Optional<UUID> of(
            Tx tx,
            byte[] name,
            UserReference user,
            String issuer,
            String clientId,
            Origin origin,
            PendingEvents events) {
        var known = store.find(tx, name);
        if (known.isEmpty()) {
            return Optional.of(opened(tx, name, user, issuer, clientId, origin, events));
        }
        var now = clock.instant();
        if (store.use(tx, known.get(), user.role(), origin, now, now.minus(life.total()))) {
            return known;
        }
        store.useEnded(tx, known.get(), now);
        return Optional.empty();
    }

    private UUID opened(
            Tx tx,
            byte[] name,
            UserReference user,
            String issuer,
            String clientId,
            Origin origin,
            PendingEvents events) {
        var id = UUID.randomUUID();
        var session =
                new ForeignSessionStore.Opened(id, user.id(), user.role(), clientId, refreshTokens.newSecret(id), name);
        if (!store.insert(tx, session, origin, clock.instant())) {
            throw new IdentityException(new IdentityFailure.AccountBlocked());
        }
        events.add(
                AuditType.SIGNED_IN,
                AuditEvent.user(user.id()),
                "session " + id + ", client " + clientId + ", issuer " + issuer);
        return id;
    }

    private static byte[] name(long userId, ForeignUser foreign, String clientId) {
        var parts = String.join("\0", Long.toString(userId), clientId, foreign.issuer(), foreign.session());
        try {
            return MessageDigest.getInstance("SHA-256").digest(parts.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
