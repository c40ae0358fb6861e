package bank.identity.store;

import bank.identity.model.ClientOrigin;
import bank.identity.model.ClientRegistration;
import bank.identity.model.Grant;
import bank.identity.model.OAuthClient;
import bank.identity.password.PasswordHash;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// OAuth clients, as the endpoints of OAuth 2 need them.
public final class ClientStore {
    /// A client with what it proves itself by.
    ///
    /// @param secret hash of the secret the settings gave it; null for none
    /// @param derived names of secrets made here
    public record Stored(OAuthClient client, @Nullable PasswordHash secret, DerivedSecrets derived) {}

    /// Secrets made here, by what names each. When there is a present one, a hashed secret counts as the one before.
    ///
    /// @param current the present one; null for none
    /// @param old the one before; null for none
    /// @param oldEndsAt until when the one before holds
    public record DerivedSecrets(
            @Nullable UUID current,
            @Nullable UUID old,
            @Nullable Instant oldEndsAt) {
        /// The secret before the present one holds still.
        public boolean oldHolds(Instant now) {
            return oldEndsAt != null && now.isBefore(oldEndsAt);
        }
    }

    /// The client of that name, unless it was deleted.
    public Optional<Stored> find(Session session, String id) {
        return session.sql()
                .createQuery("""
                        SELECT id, name, secret_hash, first_party, scopes, grants, redirect_uris, jwks, dpop_bound,
                               secret_id, old_secret_id, old_secret_ends_at
                        FROM oauth_client WHERE id = :id AND deleted_at IS NULL""")
                .bind("id", id)
                .map((row, context) -> stored(row))
                .findOne();
    }

    /// Stores a machine client, or brings a stored one up to date.
    ///
    /// @param origin who says what it is
    /// @return whether anything changed
    public boolean put(Tx tx, ClientRegistration client, PasswordHash secret, ClientOrigin origin) {
        return tx.sql()
                        .createUpdate("""
                        INSERT INTO oauth_client AS stored (id, name, secret_hash, scopes, grants, origin)
                        VALUES (:id, :id, :hash, :scopes, '{CLIENT_CREDENTIALS}', :origin)
                        ON CONFLICT (id) DO UPDATE
                        SET secret_hash = excluded.secret_hash, scopes = excluded.scopes, grants = excluded.grants,
                            origin = excluded.origin, redirect_uris = '{}', jwks = NULL, dpop_bound = false,
                            secret_id = NULL, old_secret_id = NULL, old_secret_ends_at = NULL, deleted_at = NULL,
                            version = stored.version + 1
                        WHERE (stored.secret_hash, stored.scopes, stored.grants, stored.origin, stored.redirect_uris,
                               stored.jwks, stored.dpop_bound, stored.secret_id, stored.deleted_at)
                              IS DISTINCT FROM
                              (excluded.secret_hash, excluded.scopes, excluded.grants, excluded.origin,
                               excluded.redirect_uris, excluded.jwks, excluded.dpop_bound, excluded.secret_id,
                               excluded.deleted_at)""")
                        .bind("id", client.id())
                        .bind("hash", secret.encoded())
                        .bindArray(
                                "scopes",
                                String.class,
                                client.scopes().stream().sorted().toList())
                        .bind("origin", origin.name())
                        .execute()
                == 1;
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

    /// Leaves to the registry what the settings name no more.
    ///
    /// @param ids the clients they name
    public void release(Tx tx, Collection<String> ids) {
        tx.sql().createUpdate("""
                        UPDATE oauth_client SET origin = 'REGISTRY', version = version + 1
                        WHERE origin = 'SETTINGS' AND id <> ALL (:ids)""").bindArray("ids", String.class, ids).execute();
    }

    /// The client in a row that has its columns.
    static OAuthClient client(ResultSet row) throws SQLException {
        var jwks = row.getString("jwks");
        return new OAuthClient(
                row.getString("id"),
                row.getString("name"),
                jwks != null || row.getString("secret_hash") != null || row.getString("secret_id") != null,
                row.getBoolean("first_party"),
                Set.of(Texts.read(row, "scopes")),
                Arrays.stream(Texts.read(row, "grants")).map(Grant::valueOf).collect(Collectors.toSet()),
                List.of(Texts.read(row, "redirect_uris")),
                jwks,
                row.getBoolean("dpop_bound"));
    }

    private static Stored stored(ResultSet row) throws SQLException {
        var hash = row.getString("secret_hash");
        return new Stored(
                client(row),
                hash == null ? null : PasswordHash.parse(hash),
                new DerivedSecrets(
                        row.getObject("secret_id", UUID.class),
                        row.getObject("old_secret_id", UUID.class),
                        Times.readOptional(row, "old_secret_ends_at")));
    }
}
