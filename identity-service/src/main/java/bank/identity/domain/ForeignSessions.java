package bank.identity.domain;

import bank.identity.keys.RefreshTokens;
import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.ForeignUser;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.UserReference;
import bank.identity.store.ForeignSessionStore;
import bank.platform.db.Tx;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.UUID;

/// Sessions that stand for sessions at other issuers, one for each. One that was ended here stays ended until its
/// user signs in there anew.
public final class ForeignSessions {
    private final ForeignSessionStore store;
    private final RefreshTokens refreshTokens;
    private final AuditLog audit;
    private final Clock clock;

    /// @param refreshTokens makes their secrets, of which no token is ever made
    public ForeignSessions(ForeignSessionStore store, RefreshTokens refreshTokens, AuditLog audit, Clock clock) {
        this.store = store;
        this.refreshTokens = refreshTokens;
        this.audit = audit;
        this.clock = clock;
    }

    /// The session of a user, opened at first sight.
    ///
    /// @param clientId client that exchanges his token
    /// @throws IdentityException SubjectTokenRefused when it was ended; AccountBlocked
    UUID of(Tx tx, UserReference user, ForeignUser foreign, String clientId, Caller caller) {
        var name = name(user.id(), foreign, clientId);
        store.lock(tx, name);
        var known = store.find(tx, name);
        if (known.isEmpty()) {
            return opened(tx, user, foreign, name, clientId, caller);
        }
        if (!store.use(tx, known.get(), caller.origin(), clock.instant())) {
            throw new IdentityException(new IdentityFailure.SubjectTokenRefused("its session here was ended"));
        }
        return known.get();
    }

    private UUID opened(Tx tx, UserReference user, ForeignUser foreign, byte[] name, String clientId, Caller caller) {
        var id = UUID.randomUUID();
        var session = new ForeignSessionStore.Opened(id, user.id(), clientId, refreshTokens.newSecret(id), name);
        if (!store.insert(tx, session, caller.origin(), clock.instant())) {
            throw new IdentityException(new IdentityFailure.AccountBlocked());
        }
        audit.append(
                tx,
                AuditType.SIGNED_IN,
                caller,
                AuditEvent.user(user.id()),
                "session " + id + ", client " + clientId + ", issuer " + foreign.issuer());
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
