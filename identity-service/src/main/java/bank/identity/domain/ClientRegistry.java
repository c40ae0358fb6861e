package bank.identity.domain;

import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.ClientChange;
import bank.identity.model.ClientDetails;
import bank.identity.model.ClientOrigin;
import bank.identity.model.ClientPlace;
import bank.identity.model.ClientType;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.RegisteredClient;
import bank.identity.store.ClientRegistryStore;
import bank.identity.store.SessionStore;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import bank.platform.grpc.EntityTags;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// OAuth clients: registered, changed, deleted by administrators.
public final class ClientRegistry {
    private final Database database;
    private final ClientRegistryStore store;
    private final SessionStore sessions;
    private final ClientRules rules;
    private final AuditLog audit;
    private final Clock clock;

    /// @param sessions ended with their client
    /// @param rules what a client may be
    public ClientRegistry(
            Database database,
            ClientRegistryStore store,
            SessionStore sessions,
            ClientRules rules,
            AuditLog audit,
            Clock clock) {
        this.database = database;
        this.store = store;
        this.sessions = sessions;
        this.rules = rules;
        this.audit = audit;
        this.clock = clock;
    }

    /// Registers a client.
    ///
    /// @throws IdentityException FieldInvalid, ClientIdTaken
    public RegisteredClient create(Tx tx, String id, ClientType type, ClientDetails details, Caller caller) {
        var normal = rules.normal(type, details);
        var secretId = type == ClientType.SECRET ? UUID.randomUUID() : null;
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var created = store.insert(tx, id, normal, secretId, now)
                .orElseThrow(() -> new IdentityException(new IdentityFailure.ClientIdTaken()));
        audit.append(tx, AuditType.CLIENT_CREATED, caller, AuditEvent.client(id), told(created));
        return created;
    }

    /// One client.
    ///
    /// @throws IdentityException ClientUnknown
    public RegisteredClient get(String id) {
        return database.read(session -> store.find(session, id)).orElseThrow(ClientRegistry::unknown);
    }

    /// Clients, newest first.
    ///
    /// @param after the place behind which they begin; null for the first page
    public List<RegisteredClient> list(@Nullable ClientPlace after, int rowsMax) {
        return database.read(session -> store.list(session, after, rowsMax));
    }

    /// Changes a client. Sessions that could do what it no longer may are ended.
    ///
    /// @throws IdentityException FieldInvalid, ClientUnknown, ClientProtected
    public RegisteredClient update(Tx tx, String id, ClientChange change, Caller caller) {
        var client = lock(tx, id);
        var before = client.details();
        var after = rules.normal(client.type(), change.of(before));
        var changed = ClientChange.told(before, after);
        if (changed.isEmpty()) {
            return client;
        }
        var updated = store.update(tx, id, after);
        var ended = after.narrows(before) ? sessions.endOfClient(tx, id, clock.instant()) : 0;
        audit.append(
                tx,
                AuditType.CLIENT_CHANGED,
                caller,
                AuditEvent.client(id),
                changed + ": " + told(updated) + "; " + ended + " sessions ended");
        return updated;
    }

    /// Deletes a client and ends every session of users in it.
    ///
    /// @throws IdentityException ClientUnknown, ClientProtected
    public void delete(Tx tx, String id, Caller caller) {
        lock(tx, id);
        store.delete(tx, id, clock.instant());
        var ended = sessions.endOfClient(tx, id, clock.instant());
        audit.append(tx, AuditType.CLIENT_DELETED, caller, AuditEvent.client(id), ended + " sessions ended");
    }

    /// Gives a client another secret.
    ///
    /// @param oldKept how long the present one holds on
    /// @throws IdentityException ClientUnknown, ClientProtected, ClientWithoutSecret
    public RegisteredClient rotateSecret(Tx tx, String id, Duration oldKept, Caller caller) {
        if (lock(tx, id).type() != ClientType.SECRET) {
            throw new IdentityException(new IdentityFailure.ClientWithoutSecret(id));
        }
        var endsAt = clock.instant().plus(oldKept).truncatedTo(ChronoUnit.MICROS);
        var rotated = store.rotate(tx, id, UUID.randomUUID(), endsAt);
        audit.append(
                tx,
                AuditType.CLIENT_SECRET_ROTATED,
                caller,
                AuditEvent.client(id),
                "secret " + rotated.secretId() + ", the one before holds until " + endsAt);
        return rotated;
    }

    /// The client, locked, in the version the caller expects.
    private RegisteredClient lock(Tx tx, String id) {
        var client = store.lock(tx, id).orElseThrow(ClientRegistry::unknown);
        EntityTags.require(client.etag());
        if (client.origin() != ClientOrigin.REGISTRY) {
            throw new IdentityException(new IdentityFailure.ClientProtected(id));
        }
        return client;
    }

    private static String told(RegisteredClient client) {
        var details = client.details();
        return "type " + client.type() + ", grants "
                + details.grants().stream().sorted().toList() + ", scopes "
                + details.scopes().stream().sorted().toList() + ", redirect URIs " + details.redirectUris()
                + (details.dpopBound() ? ", bound tokens" : "");
    }

    private static IdentityException unknown() {
        return new IdentityException(new IdentityFailure.ClientUnknown());
    }
}
