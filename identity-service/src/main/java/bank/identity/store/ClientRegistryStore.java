package bank.identity.store;

import bank.identity.model.ClientDetails;
import bank.identity.model.ClientOrigin;
import bank.identity.model.ClientPlace;
import bank.identity.model.ClientType;
import bank.identity.model.RegisteredClient;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// OAuth clients, as their registry shows and changes them. Of a deleted one its id alone counts.
public final class ClientRegistryStore {
    private static final String COLUMNS =
            "id, name, secret_hash, first_party, scopes, grants, redirect_uris, jwks, dpop_bound, origin, secret_id,"
                    + " old_secret_ends_at, created_at, version";

    /// Adds a client.
    ///
    /// @param secretId names its secret; null when it keeps none
    /// @return it; empty when its id is taken
    public Optional<RegisteredClient> insert(
            Tx tx, String id, ClientDetails details, @Nullable UUID secretId, Instant now) {
        var insert = tx.sql()
                .createQuery("""
                        INSERT INTO oauth_client (id, name, scopes, grants, redirect_uris, jwks, dpop_bound, secret_id,
                                                  created_at, origin)
                        VALUES (:id, :name, :scopes, :grants, :uris, :jwks, :bound, CAST(:secret AS uuid), :now, 'REGISTRY')
                        ON CONFLICT (id) DO NOTHING
                        RETURNING\s""" + COLUMNS)
                .bind("id", id)
                .bind("secret", secretId)
                .bind("now", Times.utc(now));
        return bind(insert, details).map(ClientRegistryStore::registered).findOne();
    }

    /// One client.
    public Optional<RegisteredClient> find(Session session, String id) {
        return session.sql()
                .createQuery("SELECT " + COLUMNS + " FROM oauth_client WHERE id = :id AND deleted_at IS NULL")
                .bind("id", id)
                .map(ClientRegistryStore::registered)
                .findOne();
    }

    /// One client, which nobody else changes or opens sessions for before the transaction ends.
    public Optional<RegisteredClient> lock(Tx tx, String id) {
        return tx.sql()
                .createQuery(
                        "SELECT " + COLUMNS + " FROM oauth_client WHERE id = :id AND deleted_at IS NULL FOR UPDATE")
                .bind("id", id)
                .map(ClientRegistryStore::registered)
                .findOne();
    }

    /// Clients, newest first.
    ///
    /// @param after the place behind which they begin; null for the first page
    public List<RegisteredClient> list(Session session, @Nullable ClientPlace after, int rowsMax) {
        var behind = after == null ? "" : " AND (created_at, id) < (:at, :id)";
        var query = session.sql()
                .createQuery("SELECT " + COLUMNS + " FROM oauth_client WHERE deleted_at IS NULL" + behind
                        + " ORDER BY created_at DESC, id DESC LIMIT :rows")
                .bind("rows", rowsMax);
        if (after != null) {
            query.bind("at", Times.utc(after.createdAt())).bind("id", after.id());
        }
        return query.map(ClientRegistryStore::registered).list();
    }

    /// Writes what administrators say of a client as its next version.
    public RegisteredClient update(Tx tx, String id, ClientDetails details) {
        var update = tx.sql().createQuery("""
                        UPDATE oauth_client
                        SET name = :name, scopes = :scopes, grants = :grants, redirect_uris = :uris, jwks = :jwks,
                            dpop_bound = :bound, version = version + 1
                        WHERE id = :id
                        RETURNING\s""" + COLUMNS).bind("id", id);
        return bind(update, details).map(ClientRegistryStore::registered).one();
    }

    /// Gives a client another secret. The present one becomes the one before; the one that was that ends.
    ///
    /// @param secretId names the new one
    /// @param oldEndsAt until when the present one holds
    public RegisteredClient rotate(Tx tx, String id, UUID secretId, Instant oldEndsAt) {
        return tx.sql()
                .createQuery("""
                        UPDATE oauth_client
                        SET secret_hash = CASE WHEN secret_id IS NULL THEN secret_hash END, old_secret_id = secret_id,
                            secret_id = :secret, old_secret_ends_at = :ends, version = version + 1
                        WHERE id = :id
                        RETURNING\s""" + COLUMNS)
                .bind("id", id)
                .bind("secret", secretId)
                .bind("ends", Times.utc(oldEndsAt))
                .map(ClientRegistryStore::registered)
                .one();
    }

    /// Deletes a client. Nothing it proved itself by is kept.
    public void delete(Tx tx, String id, Instant now) {
        tx.sql().createUpdate("""
                        UPDATE oauth_client
                        SET deleted_at = :now, secret_hash = NULL, secret_id = NULL, old_secret_id = NULL,
                            old_secret_ends_at = NULL, jwks = NULL, scopes = '{}', grants = '{}', redirect_uris = '{}',
                            version = version + 1
                        WHERE id = :id""").bind("id", id).bind("now", Times.utc(now)).execute();
    }

    private static <S extends SqlStatement<S>> S bind(S statement, ClientDetails details) {
        return statement
                .bind("name", details.name())
                .bindArray("scopes", String.class, details.scopes())
                .bindArray(
                        "grants",
                        String.class,
                        details.grants().stream().map(Enum::name).toList())
                .bindArray("uris", String.class, details.redirectUris())
                .bind("jwks", details.jwks())
                .bind("bound", details.dpopBound());
    }

    private static RegisteredClient registered(ResultSet row, StatementContext context) throws SQLException {
        var client = ClientStore.client(row);
        var type =
                client.jwks() != null ? ClientType.KEYS : client.confidential() ? ClientType.SECRET : ClientType.PUBLIC;
        return new RegisteredClient(
                client,
                type,
                ClientOrigin.valueOf(row.getString("origin")),
                row.getObject("secret_id", UUID.class),
                Times.readOptional(row, "old_secret_ends_at"),
                Times.read(row, "created_at"),
                row.getLong("version"));
    }
}
