package bank.identity.domain;

import bank.identity.keys.AccessTokens;
import bank.identity.keys.ClientSecrets;
import bank.identity.model.AccessToken;
import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.Grant;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.OAuthClient;
import bank.identity.model.Password;
import bank.identity.model.TokenKey;
import bank.identity.password.PasswordHash;
import bank.identity.password.RememberedSecrets;
import bank.identity.store.ClientStore;
import bank.identity.store.ClientStore.Stored;
import bank.platform.db.Database;
import java.time.Clock;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Programs that ask for tokens.
public final class OAuthClients {
    private final Database database;
    private final ClientStore clients;
    private final RememberedSecrets secrets;
    private final ClientSecrets derived;
    private final AccessTokens tokens;
    private final CappedEvents events;
    private final Clock clock;

    /// @param secrets checks those the settings gave
    /// @param derived makes the others
    /// @param tokens issued to machine clients
    /// @param events tell of them
    public OAuthClients(
            Database database,
            ClientStore clients,
            RememberedSecrets secrets,
            ClientSecrets derived,
            AccessTokens tokens,
            CappedEvents events,
            Clock clock) {
        this.database = database;
        this.clients = clients;
        this.secrets = secrets;
        this.derived = derived;
        this.tokens = tokens;
        this.events = events;
        this.clock = clock;
    }

    /// The client of that name, once it has proved who it is; a public client has nothing to prove. Each refusal of a
    /// secret costs one hash, whether there is such a client or not.
    ///
    /// @param secret the secret it presents, or null when it presents none
    /// @throws IdentityException ClientRefused, Overloaded
    public OAuthClient authenticate(String id, @Nullable Password secret) {
        var found = database.read(session -> clients.find(session, id)).orElse(null);
        var proved = secret == null
                ? found != null && !found.client().confidential()
                : found != null && provedBy(secret, found);
        if (found == null || !proved) {
            if (secret != null && (found == null || hash(found) == null)) {
                secrets.spend(secret);
            }
            throw new IdentityException(new IdentityFailure.ClientRefused());
        }
        return found.client();
    }

    private boolean provedBy(Password secret, Stored stored) {
        var id = stored.client().id();
        var names = stored.derived();
        var old = names.oldHolds(clock.instant()) ? names.old() : null;
        if (derived.matches(secret.value(), id, names.current()) || derived.matches(secret.value(), id, old)) {
            return true;
        }
        var hash = hash(stored);
        return hash != null && secrets.matches(id, secret, hash);
    }

    /// Hash of a secret that holds; null for none.
    private @Nullable PasswordHash hash(Stored stored) {
        return stored.derived().current() == null || stored.derived().oldHolds(clock.instant())
                ? stored.secret()
                : null;
    }

    /// Refuses a client that may not use the grant. Passwords are told to clients of the bank itself alone.
    ///
    /// @throws IdentityException GrantRefused
    public void require(OAuthClient client, Grant grant) {
        if (!client.grants().contains(grant) || (grant == Grant.PASSWORD && !client.firstParty())) {
            throw new IdentityException(new IdentityFailure.GrantRefused(client.grants()));
        }
    }

    /// A token for a client that acts for itself.
    ///
    /// @param scopes scopes it asks for; none: all it has
    /// @param key what the token is bound to; null for a bearer token
    /// @throws IdentityException GrantRefused, ScopeRefused
    public AccessToken machineToken(OAuthClient client, Set<String> scopes, @Nullable TokenKey key, Caller caller) {
        tokens.prepare();
        require(client, Grant.CLIENT_CREDENTIALS);
        if (!client.scopes().containsAll(scopes)) {
            throw new IdentityException(new IdentityFailure.ScopeRefused(client.scopes()));
        }
        var granted = scopes.isEmpty() ? client.scopes() : scopes;
        var token = tokens.forMachine(client, granted, key);
        events.tell(
                AuditType.CLIENT_SIGNED_IN,
                client.id(),
                caller,
                AuditEvent.client(client.id()),
                "scopes " + granted.stream().sorted().toList());
        return token;
    }
}
