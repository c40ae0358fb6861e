package bank.document.store;

import bank.document.model.ContentVersion;
import bank.document.model.DocumentEvent;
import bank.document.model.DocumentStatus;
import bank.platform.db.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// What documents have been: their versions and events.
public final class VersionStore {
    /// One version of a document.
    public Optional<ContentVersion> find(Session session, long documentId, int version) {
        return session.sql()
                .createQuery("""
                        SELECT version, file_name, media_type, size_bytes, digest, object_key, created_at
                        FROM document_version
                        WHERE document_id = :id AND version = :version""")
                .bind("id", documentId)
                .bind("version", version)
                .map((row, context) -> version(row, "created_at"))
                .findOne();
    }

    /// Versions of a document below a number, newest first.
    public List<ContentVersion> list(Session session, long documentId, int below, int limit) {
        return session.sql()
                .createQuery("""
                        SELECT version, file_name, media_type, size_bytes, digest, object_key, created_at
                        FROM document_version
                        WHERE document_id = :id AND version < :below
                        ORDER BY version DESC
                        LIMIT :limit""")
                .bind("id", documentId)
                .bind("below", below)
                .bind("limit", limit)
                .map((row, context) -> version(row, "created_at"))
                .list();
    }

    /// Events of a document below a number, newest first.
    public List<DocumentEvent> events(Session session, long documentId, long below, int limit) {
        return session.sql()
                .createQuery("""
                        SELECT id, type, actor, from_status, to_status, version, comment, created_at
                        FROM document_event
                        WHERE document_id = :id AND id < :below
                        ORDER BY id DESC
                        LIMIT :limit""")
                .bind("id", documentId)
                .bind("below", below)
                .bind("limit", limit)
                .map((row, context) -> event(row))
                .list();
    }

    static ContentVersion version(ResultSet row, String createdAt) throws SQLException {
        return new ContentVersion(
                row.getInt("version"),
                row.getString("file_name"),
                row.getString("media_type"),
                row.getLong("size_bytes"),
                row.getString("digest"),
                row.getString("object_key"),
                Rows.instant(row, createdAt));
    }

    private static DocumentEvent event(ResultSet row) throws SQLException {
        var from = row.getString("from_status");
        return new DocumentEvent(
                row.getLong("id"),
                DocumentEvent.Type.of(row.getString("type")),
                row.getString("actor"),
                from == null ? null : DocumentStatus.of(from),
                DocumentStatus.of(row.getString("to_status")),
                row.getInt("version"),
                row.getString("comment"),
                Rows.instant(row, "created_at"));
    }
}
