package bank.identity.domain;

import bank.identity.keys.AccessTokens;
import bank.identity.model.AccessToken;
import bank.identity.model.Grant;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.OAuthClient;
import bank.identity.model.Password;
import bank.identity.password.PasswordHasher;
import bank.identity.store.ClientStore;
import bank.platform.db.Database;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Programs that ask for tokens.
public final class OAuthClients {
    private final Database database;
    private final ClientStore clients;
    private final PasswordHasher hasher;
    private final AccessTokens tokens;

    /// @param tokens issued to machine clients
    public OAuthClients(Database database, ClientStore clients, PasswordHasher hasher, AccessTokens tokens) {
        this.database = database;
        this.clients = clients;
        this.hasher = hasher;
        this.tokens = tokens;
    }

    /// The client of that name, once it has proved who it is; a public client has nothing to prove.
    ///
    /// @param secret the secret it presents, or null when it presents none
    /// @throws IdentityException ClientRefused, Overloaded
    public OAuthClient authenticate(String id, @Nullable Password secret) {
        var found = database.read(session -> clients.find(session, id)).orElse(null);
        var hash = found == null ? null : found.secret();
        var proved = secret != null && hasher.matches(secret, hash == null ? hasher.decoy() : hash);
        var accepted = found != null && (hash != null ? proved : !found.client().confidential() && secret == null);
        if (found == null || !accepted) {
            throw new IdentityException(new IdentityFailure.ClientRefused());
        }
        return found.client();
    }

    /// Refuses a client that may not use the grant. Passwords are told to clients of the bank itself alone.
    ///
    /// @throws IdentityException GrantRefused
    public void require(OAuthClient client, Grant grant) {
        if (!client.grants().contains(grant) || (grant == Grant.PASSWORD && !client.firstParty())) {
            throw new IdentityException(new IdentityFailure.GrantRefused());
        }
    }

    /// A token for a client that acts for itself.
    ///
    /// @param scopes scopes it asks for; none: all it has
    /// @throws IdentityException GrantRefused, ScopeRefused
    public AccessToken machineToken(OAuthClient client, Set<String> scopes) {
        require(client, Grant.CLIENT_CREDENTIALS);
        if (!client.scopes().containsAll(scopes)) {
            throw new IdentityException(new IdentityFailure.ScopeRefused());
        }
        return tokens.forMachine(client, scopes.isEmpty() ? client.scopes() : scopes);
    }
}
