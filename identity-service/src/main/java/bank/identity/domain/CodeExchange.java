package bank.identity.domain;

import bank.identity.keys.AuthorizationCodes;
import bank.identity.keys.IdTokens;
import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.AuthorizationCode;
import bank.identity.model.Caller;
import bank.identity.model.CodeGrant;
import bank.identity.model.Grant;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.OAuthClient;
import bank.identity.model.TokenKey;
import bank.identity.model.UserScope;
import bank.identity.store.ClientStore;
import bank.identity.store.CodeStore;
import bank.identity.store.CodeStore.Stored;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Exchanging the codes of the sign-in page for tokens (RFC 6749, section 4.1.3; RFC 7636). A code is good once; one
/// that is used again ends the session that was made of it.
public final class CodeExchange {
    private static final Logger log = LoggerFactory.getLogger(CodeExchange.class);
    private static final Duration CODE_LIFE = Duration.ofSeconds(60);
    private static final Duration CODE_KEPT = Duration.ofDays(1);

    private final Database database;
    private final CodeStore store;
    private final ClientStore clients;
    private final Sessions sessions;
    private final IdTokens idTokens;
    private final CappedEvents events;
    private final Clock clock;

    /// @param clients tells what clients may do at present
    /// @param sessions opened by each exchange
    /// @param events tell of genuine codes that are refused
    public CodeExchange(
            Database database,
            CodeStore store,
            ClientStore clients,
            Sessions sessions,
            IdTokens idTokens,
            CappedEvents events,
            Clock clock) {
        this.database = database;
        this.store = store;
        this.clients = clients;
        this.sessions = sessions;
        this.idTokens = idTokens;
        this.events = events;
        this.clock = clock;
    }

    /// What a client gets for a code.
    ///
    /// @param client who presents it, having proved who it is
    /// @param redirectUri where it says the code was sent
    /// @param verifier its proof (RFC 7636); empty when it has none
    /// @param key what the tokens are bound to; null for bearer tokens
    /// @throws IdentityException CodeInvalid
    public CodeGrant exchange(
            OAuthClient client,
            String code,
            String redirectUri,
            String verifier,
            @Nullable TokenKey key,
            Caller caller) {
        var digest = AuthorizationCodes.digest(code);
        var stored = database.read(session -> store.find(session, digest)).orElseThrow(CodeExchange::invalid);
        if (!stored.code().clientId().equals(client.id())) {
            throw refused(stored.code(), "came from client " + client.id(), caller);
        }
        // Whoever has spent it may be another than who asks now, with a proof or without.
        if (stored.session() == null) {
            requireFit(stored.code(), redirectUri, verifier, caller);
        }
        sessions.prepare();
        var exchanged = database.inTransaction(tx -> {
            var grant = exchange(tx, digest, stored.code(), client, key, caller);
            if (grant.isEmpty()) {
                // Nothing to keep, so that the end of the call is no reason to stop here.
                tx.rollbackAtEnd();
            }
            return grant;
        });
        return exchanged.orElseThrow(() -> {
            return endReused(digest, stored.code(), caller) ? invalid() : refused(stored.code(), "ended", caller);
        });
    }

    private Optional<CodeGrant> exchange(
            Tx tx, byte[] digest, AuthorizationCode code, OAuthClient client, @Nullable TokenKey key, Caller caller) {
        var now = clock.instant();
        var session = UUID.randomUUID();
        if (store.spend(tx, digest, session, now.minus(CODE_LIFE), now)) {
            var scopes = client.firstParty() ? null : code.scopes();
            // Whatever ended the user's sessions since he signed in has ended the code too.
            var opened = sessions.open(tx, session, code.user(), client.id(), scopes, key, code.origin());
            if (opened.isEmpty() || !mayStill(tx, client.id(), code)) {
                return Optional.empty();
            }
            var tokens = opened.get();
            var idToken = code.scopes().contains(UserScope.OPENID.value())
                    ? idTokens.of(code, session, tokens.access())
                    : null;
            // The session is where the user is, not where the client's server is.
            var user = new Caller(caller.name(), code.origin(), caller.requestId());
            sessions.tell(tx, session, code.userId(), client.id(), user);
            return Optional.of(new CodeGrant(tokens, idToken));
        }
        return Optional.empty();
    }

    /// The client may still do what the code is for. The session just opened keeps the client as it is until
    /// the transaction ends.
    private boolean mayStill(Tx tx, String clientId, AuthorizationCode code) {
        return clients.find(tx, clientId)
                .map(ClientStore.Stored::client)
                .filter(client -> client.grants().contains(Grant.AUTHORIZATION_CODE))
                .filter(client -> client.mayAskFor(code.scopes()))
                .isPresent();
    }

    /// Ends the session of a code that was spent before. Whoever hangs up does not keep it open.
    ///
    /// @return whether it was spent
    private boolean endReused(byte[] digest, AuthorizationCode code, Caller caller) {
        return database.inDetachedTransaction(tx -> {
            var spent = store.find(tx, digest).map(Stored::session);
            spent.ifPresent(session -> sessions.endOfReusedCode(tx, session, code.userId(), code.clientId(), caller));
            return spent.isPresent();
        });
    }

    private void requireFit(AuthorizationCode code, String redirectUri, String verifier, Caller caller) {
        if (!code.redirectUri().equals(redirectUri)) {
            throw refused(code, "another redirect URI", caller);
        }
        if (!AuthorizationCodes.proves(verifier, code.challenge())) {
            throw refused(code, verifier.isEmpty() ? "no verifier" : "wrong verifier", caller);
        }
    }

    private IdentityException refused(AuthorizationCode code, String why, Caller caller) {
        events.tell(AuditType.CODE_REFUSED, code.clientId(), caller, AuditEvent.user(code.userId()), why);
        return invalid();
    }

    /// Forgets the codes so old that a second use tells nothing.
    public void purge() {
        var before = clock.instant().minus(CODE_KEPT);
        while (database.inTransaction(tx -> store.delete(tx, before)) > 0) {
            log.debug("codes given before {} purged", before);
        }
    }

    private static IdentityException invalid() {
        return new IdentityException(new IdentityFailure.CodeInvalid());
    }
}
