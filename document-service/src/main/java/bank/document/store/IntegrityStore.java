package bank.document.store;

import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.time.Instant;
import java.util.List;

/// When stored contents were last compared with their digests, and what did not match.
public final class IntegrityStore {
    /// A content to look at.
    ///
    /// @param digest digest it must have
    public record Due(long documentId, int version, String key, long sizeBytes, String digest) {}

    /// Contents last verified before then, longest ago first.
    public List<Due> due(Session session, Instant before, int limit) {
        return session.sql()
                .createQuery("""
                        SELECT document_id, version, object_key, size_bytes, digest
                        FROM document_version
                        WHERE verified_at < :before
                        ORDER BY verified_at, document_id, version
                        LIMIT :limit""")
                .bind("before", Rows.at(before))
                .bind("limit", limit)
                .map((row, context) -> new Due(
                        row.getLong("document_id"),
                        row.getInt("version"),
                        row.getString("object_key"),
                        row.getLong("size_bytes"),
                        row.getString("digest")))
                .list();
    }

    /// Writes down that a content was looked at.
    ///
    /// @param at when it counts as read
    /// @return false when it is gone, with its document
    public boolean verified(Tx tx, Due content, Instant at) {
        return tx.sql()
                        .createUpdate("""
                                UPDATE document_version SET verified_at = :at
                                WHERE document_id = :id AND version = :version""")
                        .bind("id", content.documentId())
                        .bind("version", content.version())
                        .bind("at", Rows.at(at))
                        .execute()
                == 1;
    }

    /// Writes down that a content is not what it was, unless that stands written.
    public void find(Tx tx, Due content, String found, Instant at) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO integrity_finding (document_id, version, expected, found, found_at)
                        VALUES (:id, :version, :expected, :found, :at)
                        ON CONFLICT (document_id, version) WHERE resolved_at IS NULL
                        DO UPDATE SET found = excluded.found""")
                .bind("id", content.documentId())
                .bind("version", content.version())
                .bind("expected", content.digest())
                .bind("found", found)
                .bind("at", Rows.at(at))
                .execute();
    }

    /// Writes down that a content is what it was.
    ///
    /// @return whether it had not been
    public boolean resolve(Tx tx, Due content, Instant at) {
        return tx.sql()
                        .createUpdate("""
                                UPDATE integrity_finding SET resolved_at = :at
                                WHERE document_id = :id AND version = :version AND resolved_at IS NULL""")
                        .bind("id", content.documentId())
                        .bind("version", content.version())
                        .bind("at", Rows.at(at))
                        .execute()
                > 0;
    }
}
