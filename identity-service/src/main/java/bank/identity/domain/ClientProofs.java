package bank.identity.domain;

import bank.identity.keys.ClientAssertions;
import bank.identity.keys.ClientAssertions.Passed;
import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.OAuthClient;
import bank.identity.model.Password;
import bank.identity.store.ClientAssertionStore;
import bank.identity.store.ClientStore;
import bank.platform.db.Database;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How OAuth clients prove who they are. What refuses one is in the audit log and not in the answer.
public final class ClientProofs {
    private static final Logger log = LoggerFactory.getLogger(ClientProofs.class);

    private static final int REFUSALS_AUDITED_MAX = 60;
    /// No client has these ids.
    private static final String UNKNOWN = "";
    private static final String UNKNOWN_SECRET = " ";

    private final Database database;
    private final OAuthClients clients;
    private final ClientStore store;
    private final ClientAssertions assertions;
    private final ClientAssertionStore spent;
    private final AuditLog audit;
    private final RefusalRate refusals;
    private final ClientPauses pauses;
    private final Clock clock;

    /// @param clients checks secrets
    /// @param assertions checks assertions
    /// @param spent those that have counted
    public ClientProofs(
            Database database,
            OAuthClients clients,
            ClientStore store,
            ClientAssertions assertions,
            ClientAssertionStore spent,
            AuditLog audit,
            Clock clock) {
        this.database = database;
        this.clients = clients;
        this.store = store;
        this.assertions = assertions;
        this.spent = spent;
        this.audit = audit;
        this.refusals = new RefusalRate(clock);
        this.pauses = new ClientPauses(clock);
        this.clock = clock;
    }

    /// The client that presents a secret, or nothing when it is a public one.
    ///
    /// @throws IdentityException ClientRefused; SignInPaused, also for the right secret; Overloaded
    public OAuthClient bySecret(String id, @Nullable Password secret, Caller caller) {
        if (secret != null) {
            pauses.require(id, caller);
        }
        try {
            return clients.authenticate(id, secret);
        } catch (IdentityException e) {
            if (secret != null && e.failure() instanceof IdentityFailure.ClientRefused) {
                pauses.failed(id, caller);
                secretRefused(id, caller);
            }
            throw e;
        }
    }

    /// The client that presents an assertion. It counts once.
    ///
    /// @param id who it is to speak for
    /// @throws IdentityException ClientRefused
    public OAuthClient byAssertion(String id, SignedJWT assertion, Caller caller) {
        var client = database.read(session -> store.find(session, id))
                .map(ClientStore.Stored::client)
                .orElse(null);
        var jwks = client == null ? null : client.jwks();
        var passed = jwks == null ? null : assertions.check(assertion, id, jwks).orElse(null);
        if (client == null) {
            noteUnknown();
            throw new IdentityException(new IdentityFailure.ClientRefused());
        }
        if (passed == null) {
            capped(id, "wrong assertion", AuditEvent.client(id), caller);
            throw new IdentityException(new IdentityFailure.ClientRefused());
        }
        if (!spend(id, passed)) {
            capped(id, "assertion used before", AuditEvent.client(id), caller);
            throw new IdentityException(new IdentityFailure.ClientRefused());
        }
        return client;
    }

    /// Forgets assertions that would be refused anyway.
    public void purge() {
        var endedBefore = clock.instant();
        while (database.inTransaction(tx -> spent.delete(tx, endedBefore)) > 0) {
            log.debug("client assertions ended before {} purged", endedBefore);
        }
    }

    private boolean spend(String id, Passed passed) {
        return database.inTransaction(
                tx -> spent.spend(tx, id, sha256(passed.jti()), passed.endsAt(), clock.instant()));
    }

    /// Of an unknown client nothing is kept, for its id may be a secret in the wrong field.
    private void secretRefused(String id, Caller caller) {
        if (database.read(session -> store.find(session, id)).isPresent()) {
            capped(id, "wrong secret", AuditEvent.client(id), caller);
        } else {
            capped(UNKNOWN_SECRET, "wrong secret", "unknown", caller);
        }
    }

    /// Being refused costs little, while the audit log grows in single file: it has so many of a client and minute, and
    /// as many of all unknown ones that present secrets.
    private void capped(String of, String detail, String subject, Caller caller) {
        var count = refusals.count(of);
        if (count <= REFUSALS_AUDITED_MAX) {
            // Who goes away before he is answered is told of all the same.
            database.inDetachedTransaction(tx -> {
                audit.append(tx, AuditType.CLIENT_REFUSED, caller, subject, detail);
                return subject;
            });
        } else if (count == REFUSALS_AUDITED_MAX + 1) {
            log.warn("further proofs of {} refused within this minute are not in the audit log", subject);
        }
    }

    private void noteUnknown() {
        if (refusals.count(UNKNOWN) == 1) {
            log.info("an assertion of an unknown client was refused; others of this minute are not told of");
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
