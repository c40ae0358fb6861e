package bank.identity.domain;

import bank.identity.keys.AccessTokens;
import bank.identity.keys.ForeignTokens;
import bank.identity.model.AccessToken;
import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.ForeignUser;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.OAuthClient;
import bank.identity.model.Role;
import bank.identity.model.TokenKey;
import bank.identity.model.TokenUser;
import bank.identity.model.UserStatus;
import bank.identity.store.MemberStore;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Exchanges access tokens of other issuers for ones of the bank (RFC 8693).
public final class TokenExchanges {
    /// What a client must be let do to exchange tokens.
    public static final String SCOPE = "tokens:exchange";

    /// Whoever may pass calls on has checked the proofs of those who made them.
    private static final Set<String> PROVED = Set.of("calls:forward");

    private static final Logger log = LoggerFactory.getLogger(TokenExchanges.class);
    private static final int REFUSALS_AUDITED_MAX = 5;

    private final Database database;
    private final ForeignTokens tokens;
    private final ForeignUsers users;
    private final ForeignSessions sessions;
    private final MemberStore members;
    private final AccessTokens accessTokens;
    private final AuditLog audit;
    private final RefusalRate refusals;

    /// @param tokens reads the foreign ones
    /// @param users knows whom they speak of
    /// @param members tells which organisations users belong to
    /// @param accessTokens issues the bank's own
    public TokenExchanges(
            Database database,
            ForeignTokens tokens,
            ForeignUsers users,
            ForeignSessions sessions,
            MemberStore members,
            AccessTokens accessTokens,
            AuditLog audit,
            Clock clock) {
        this.database = database;
        this.tokens = tokens;
        this.users = users;
        this.sessions = sessions;
        this.members = members;
        this.accessTokens = accessTokens;
        this.audit = audit;
        this.refusals = new RefusalRate(clock);
    }

    /// A token of the bank for whom a foreign one speaks of; it ends no later than that.
    ///
    /// @param client who asks
    /// @param key what the token is bound to; null for a bearer token
    /// @throws IdentityException GrantRefused; SubjectTokenRefused; ProofRequired; AccountBlocked; Overloaded
    public AccessToken exchange(OAuthClient client, String token, @Nullable TokenKey key, Caller caller) {
        // Of a client that acts for users, scopes are what it may ask them for.
        if (!client.confidential() || !client.actsForItself(SCOPE)) {
            throw new IdentityException(new IdentityFailure.GrantRefused(client.grants()));
        }
        var foreign = tokens.read(token);
        if (foreign.key() != null
                && !client.scopes().containsAll(PROVED)
                && (key == null || !key.thumbprint().equals(foreign.key()))) {
            throw new IdentityException(new IdentityFailure.ProofRequired());
        }
        try {
            var role = foreign.role();
            if (role == null) {
                throw new IdentityException(
                        new IdentityFailure.SubjectTokenRefused("its issuer gives this user no role here"));
            }
            accessTokens.prepare();
            return database.inTransaction(tx -> exchanged(tx, foreign, role, client.id(), key, caller))
                    .orElseThrow(() -> new IdentityException(
                            new IdentityFailure.SubjectTokenRefused("its session here was ended")));
        } catch (IdentityException e) {
            note(foreign, e.failure(), caller);
            throw e;
        }
    }

    /// Empty when its session has ended, of which the database is told.
    private Optional<AccessToken> exchanged(
            Tx tx, ForeignUser foreign, Role role, String clientId, @Nullable TokenKey key, Caller caller) {
        var events = new PendingEvents();
        var account = users.account(tx, foreign, role, events);
        // Everybody locks a session's name before its user, and both before the audit log.
        var name = sessions.lock(tx, account.userId(), foreign, clientId);
        var user = users.of(tx, account, role, foreign.issuedAt(), events);
        if (user.status() != UserStatus.ACTIVE) {
            throw new IdentityException(new IdentityFailure.AccountBlocked());
        }
        var session = sessions.of(tx, name, user, foreign.issuer(), clientId, caller.origin(), events);
        var token = session.map(id -> accessTokens.forForeignUser(
                new TokenUser(user.id(), user.role(), members.organizationIds(tx, user.id())),
                id,
                clientId,
                key,
                foreign.end()));
        events.append(tx, audit, caller);
        return token;
    }

    /// Refusals cost nothing, while the audit log grows in single file: it has so many of a user and minute.
    private void note(ForeignUser foreign, IdentityFailure failure, Caller caller) {
        var count = refusals.count(AuditEvent.foreign(foreign.issuer(), foreign.subject()));
        if (count > REFUSALS_AUDITED_MAX) {
            if (count == REFUSALS_AUDITED_MAX + 1) {
                log.warn(
                        "further tokens of a user of issuer {} refused within this minute are not in the audit log",
                        foreign.issuer());
            }
            return;
        }
        // Who goes away before he is answered is told of all the same.
        database.inDetachedTransaction(tx -> {
            audit.append(
                    tx,
                    AuditType.SIGN_IN_REFUSED,
                    caller,
                    AuditEvent.foreign(foreign.issuer(), foreign.subject()),
                    failure instanceof IdentityFailure.SubjectTokenRefused(var why)
                            ? why
                            : "the account may not sign in");
            return foreign;
        });
    }
}
