package bank.identity.store;

import bank.identity.model.ClientRegistration;
import bank.identity.model.Grant;
import bank.identity.model.OAuthClient;
import bank.identity.password.PasswordHash;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// OAuth clients.
public final class ClientStore {
    /// A client with the hash of its secret; null for one without.
    public record Stored(OAuthClient client, @Nullable PasswordHash secret) {}

    /// The client of that name.
    public Optional<Stored> find(Session session, String id) {
        return session.sql()
                .createQuery("""
                        SELECT id, name, secret_hash, first_party, scopes, grants, redirect_uris, jwks, dpop_bound
                        FROM oauth_client WHERE id = :id""")
                .bind("id", id)
                .map((row, context) -> stored(row))
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

    /// Stores a client without a secret, unless there is one of that id.
    public void addPublic(Tx tx, OAuthClient client) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO oauth_client (id, name, scopes, grants, first_party, redirect_uris)
                        VALUES (:id, :name, :scopes, :grants, :first, :uris)
                        ON CONFLICT (id) DO NOTHING""")
                .bind("id", client.id())
                .bind("name", client.name())
                .bindArray("scopes", String.class, client.scopes())
                .bindArray(
                        "grants",
                        String.class,
                        client.grants().stream().map(Grant::name).toList())
                .bind("first", client.firstParty())
                .bindArray("uris", String.class, client.redirectUris())
                .execute();
    }

    private static Stored stored(ResultSet row) throws SQLException {
        var hash = row.getString("secret_hash");
        var jwks = row.getString("jwks");
        var client = new OAuthClient(
                row.getString("id"),
                row.getString("name"),
                hash != null || jwks != null,
                row.getBoolean("first_party"),
                Set.of(Texts.read(row, "scopes")),
                Arrays.stream(Texts.read(row, "grants")).map(Grant::valueOf).collect(Collectors.toSet()),
                List.of(Texts.read(row, "redirect_uris")),
                jwks,
                row.getBoolean("dpop_bound"));
        return new Stored(client, hash == null ? null : PasswordHash.parse(hash));
    }
}
