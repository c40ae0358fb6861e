package bank.identity.domain;

import bank.identity.keys.IssuedTokens;
import bank.identity.keys.RefreshTokens;
import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.OAuthClient;
import bank.identity.store.SessionStore;
import bank.platform.db.Database;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/// Tokens that clients take back (RFC 7009). Each stands for the session it belongs to, which ends.
public final class TokenRevocations {
    private final Database database;
    private final SessionStore sessions;
    private final RefreshTokens refreshTokens;
    private final IssuedTokens issued;
    private final AuditLog audit;
    private final Clock clock;

    /// @param sessions ended by their tokens
    public TokenRevocations(
            Database database,
            SessionStore sessions,
            RefreshTokens refreshTokens,
            IssuedTokens issued,
            AuditLog audit,
            Clock clock) {
        this.database = database;
        this.sessions = sessions;
        this.refreshTokens = refreshTokens;
        this.issued = issued;
        this.audit = audit;
        this.clock = clock;
    }

    /// Ends the session of a refresh token, be it spent, or of an access token. Of a token that is none, or another
    /// client's, nothing comes.
    ///
    /// @return false when the token is one of the client's own that belongs to no session, and holds until it ends
    public boolean revoke(OAuthClient client, String token, Caller caller) {
        var claim = refreshTokens.read(token);
        if (claim.isPresent()) {
            find(claim.get().session())
                    .filter(session -> refreshTokens.genuine(claim.get(), session.secret()))
                    .ifPresent(session -> end(session, client, caller));
            return true;
        }
        var access = issued.read(token)
                .filter(read -> read.clientId().equals(client.id()))
                .orElse(null);
        if (access == null) {
            return true;
        }
        if (access.session() == null) {
            return false;
        }
        id(access.session()).flatMap(this::find).ifPresent(session -> end(session, client, caller));
        return true;
    }

    private Optional<SessionStore.Stored> find(UUID id) {
        return database.read(reading -> sessions.find(reading, id));
    }

    private void end(SessionStore.Stored session, OAuthClient client, Caller caller) {
        if (!session.clientId().equals(client.id())) {
            return;
        }
        database.inTransaction(tx -> {
            var ended = sessions.end(tx, session.id(), session.userId(), clock.instant());
            if (ended) {
                audit.append(
                        tx,
                        AuditType.SESSION_ENDED,
                        caller,
                        AuditEvent.user(session.userId()),
                        "session " + session.id() + ", token revoked by client " + client.id());
            }
            return ended;
        });
    }

    private static Optional<UUID> id(String sid) {
        try {
            return Optional.of(UUID.fromString(sid));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
