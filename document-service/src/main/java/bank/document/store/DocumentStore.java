package bank.document.store;

import bank.document.model.Category;
import bank.document.model.ContentVersion;
import bank.document.model.Document;
import bank.document.model.DocumentEvent;
import bank.document.model.DocumentStatus;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Documents with their newest content, and their events.
public final class DocumentStore {
    private static final String SELECT = """
            SELECT d.id, d.user_id, d.description, d.category_id, c.code AS category_code,
                   c.name_ru AS category_name_ru, c.name_en AS category_name_en, d.status, d.worker_id,
                   d.actual_date, d.actual_end_date, d.plan_maturity_date, d.fact_maturity_date, d.version,
                   v.file_name, v.media_type, v.size_bytes, v.digest, v.object_key,
                   v.created_at AS content_created_at, d.created_at, d.revision
            FROM document d
            JOIN document_category c ON c.id = d.category_id
            JOIN document_version v ON v.document_id = d.id AND v.version = d.version
            """;

    /// The document with that number.
    public Optional<Document> find(Session session, long id) {
        return session.sql()
                .createQuery(SELECT + "WHERE d.id = :id")
                .bind("id", id)
                .map((row, context) -> document(row))
                .findOne();
    }

    /// The documents with these numbers that exist, by ascending number.
    ///
    /// @param ids 1 to 200 numbers
    public List<Document> find(Session session, Collection<Long> ids) {
        return session.sql()
                .createQuery(SELECT + "WHERE d.id IN (<ids>) ORDER BY d.id")
                .bindList("ids", List.copyOf(ids))
                .map((row, context) -> document(row))
                .list();
    }

    /// The document with that number, which nobody else changes, holds or deletes until the transaction
    /// ends.
    public Optional<Document> lock(Tx tx, long id) {
        var found = tx.sql()
                .createQuery("SELECT id FROM document WHERE id = :id FOR UPDATE")
                .bind("id", id)
                .mapTo(Long.class)
                .findOne();
        // Read after the lock was had, and so as it is now.
        return found.flatMap(locked -> find(tx, locked));
    }

    /// Makes sure that the document is not deleted until the transaction ends.
    ///
    /// @return whether there is such a document
    public boolean keep(Tx tx, long id) {
        return tx.sql()
                .createQuery("SELECT id FROM document WHERE id = :id FOR KEY SHARE")
                .bind("id", id)
                .mapTo(Long.class)
                .findOne()
                .isPresent();
    }

    /// Adds a document with its content.
    ///
    /// @param document the document; its id does not count
    /// @return its number
    public long insert(Tx tx, Document document) {
        var id = tx.sql()
                .createQuery("""
                        INSERT INTO document (user_id, description, category_id, status, actual_date,
                            actual_end_date, version, revision, created_at)
                        VALUES (:userId, :description, :categoryId, :status, :actualDate,
                            :actualEndDate, :version, :revision, :createdAt)
                        RETURNING id""")
                .bind("userId", document.userId())
                .bind("description", document.description())
                .bind("categoryId", document.category().id())
                .bind("status", document.status().code())
                .bind("actualDate", document.actualDate())
                .bind("actualEndDate", document.actualEndDate())
                .bind("version", document.content().version())
                .bind("revision", document.revision())
                .bind("createdAt", Rows.at(document.createdAt()))
                .mapTo(Long.class)
                .one();
        insertVersion(tx, id, document.content());
        return id;
    }

    /// Adds a version of a document's content.
    public void insertVersion(Tx tx, long id, ContentVersion content) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO document_version (document_id, version, file_name, media_type, size_bytes,
                            digest, object_key, created_at, verified_at)
                        VALUES (:id, :version, :fileName, :mediaType, :sizeBytes, :digest, :key, :at, :at)""")
                .bind("id", id)
                .bind("version", content.version())
                .bind("fileName", content.fileName())
                .bind("mediaType", content.mediaType())
                .bind("sizeBytes", content.sizeBytes())
                .bind("digest", content.digest())
                .bind("key", content.key())
                .bind("at", Rows.at(content.createdAt()))
                .execute();
    }

    /// Writes what can change of a document.
    public void update(Tx tx, Document document) {
        tx.sql()
                .createUpdate("""
                        UPDATE document SET description = :description, category_id = :categoryId,
                            status = :status, worker_id = :workerId, actual_date = :actualDate,
                            actual_end_date = :actualEndDate, plan_maturity_date = :planMaturityDate,
                            fact_maturity_date = :factMaturityDate, version = :version, revision = :revision
                        WHERE id = :id""")
                .bind("id", document.id())
                .bind("description", document.description())
                .bind("categoryId", document.category().id())
                .bind("status", document.status().code())
                .bind("workerId", document.workerId())
                .bind("actualDate", document.actualDate())
                .bind("actualEndDate", document.actualEndDate())
                .bind("planMaturityDate", document.planMaturityDate())
                .bind("factMaturityDate", document.factMaturityDate())
                .bind("version", document.content().version())
                .bind("revision", document.revision())
                .execute();
    }

    /// Deletes a document with its versions, events and ended holds.
    ///
    /// @return keys of its objects
    public List<String> delete(Tx tx, long id) {
        var keys = tx.sql()
                .createQuery("SELECT object_key FROM document_version WHERE document_id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .list();
        tx.sql()
                .createUpdate("DELETE FROM document WHERE id = :id")
                .bind("id", id)
                .execute();
        return keys;
    }

    /// Writes down what happened to a document.
    public void insertEvent(
            Tx tx,
            Document document,
            DocumentEvent.Type type,
            @Nullable DocumentStatus from,
            String actor,
            String comment,
            Instant at) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO document_event (document_id, type, actor, from_status, to_status, version,
                            comment, created_at)
                        VALUES (:id, :type, :actor, :from, :to, :version, :comment, :at)""")
                .bind("id", document.id())
                .bind("type", type.code())
                .bind("actor", actor)
                .bind("from", from == null ? null : from.code())
                .bind("to", document.status().code())
                .bind("version", document.content().version())
                .bind("comment", comment)
                .bind("at", Rows.at(at))
                .execute();
    }

    private static Document document(ResultSet row) throws SQLException {
        return new Document(
                row.getLong("id"),
                row.getLong("user_id"),
                row.getString("description"),
                new Category(
                        row.getLong("category_id"),
                        row.getString("category_code"),
                        row.getString("category_name_ru"),
                        row.getString("category_name_en")),
                DocumentStatus.of(row.getString("status")),
                Rows.number(row, "worker_id"),
                Rows.date(row, "actual_date"),
                Rows.date(row, "actual_end_date"),
                Rows.date(row, "plan_maturity_date"),
                Rows.date(row, "fact_maturity_date"),
                VersionStore.version(row, "content_created_at"),
                Rows.instant(row, "created_at"),
                row.getLong("revision"));
    }
}
