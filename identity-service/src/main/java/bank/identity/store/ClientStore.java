package bank.identity.store;

import bank.identity.model.ClientRegistration;
import bank.identity.model.Grant;
import bank.identity.model.OAuthClient;
import bank.identity.password.PasswordHash;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// OAuth clients.
public final class ClientStore {
    /// A client with the hash of its secret; null for a public client.
    public record Stored(OAuthClient client, @Nullable PasswordHash secret) {}

    /// The client of that name.
    public Optional<Stored> find(Session session, String id) {
        return session.sql()
                .createQuery("SELECT id, secret_hash, scopes, grants FROM oauth_client WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> {
                    var hash = row.getString("secret_hash");
                    var scopes = (String[]) row.getArray("scopes").getArray();
                    var grants = (String[]) row.getArray("grants").getArray();
                    return new Stored(
                            new OAuthClient(
                                    row.getString("id"),
                                    hash != null,
                                    Set.of(scopes),
                                    Arrays.stream(grants).map(Grant::valueOf).collect(Collectors.toSet())),
                            hash == null ? null : PasswordHash.parse(hash));
                })
                .findOne();
    }

    /// Stores a machine client, or brings a stored one up to date.
    public void put(Tx tx, ClientRegistration client, PasswordHash secret) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO oauth_client (id, name, secret_hash, scopes, grants)
                        VALUES (:id, :id, :hash, :scopes, '{CLIENT_CREDENTIALS}')
                        ON CONFLICT (id) DO UPDATE
                        SET secret_hash = excluded.secret_hash, scopes = excluded.scopes, grants = excluded.grants""")
                .bind("id", client.id())
                .bind("hash", secret.encoded())
                .bindArray("scopes", String.class, client.scopes())
                .execute();
    }
}
