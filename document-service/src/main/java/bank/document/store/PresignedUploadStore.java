package bank.document.store;

import bank.document.model.PresignedUpload;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// Uploads by presigned URL that were opened and not finished.
public final class PresignedUploadStore {
    /// Opens one.
    public void insert(Tx tx, PresignedUpload upload) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO presigned_upload (id, user_id, description, category_id, actual_date,
                            actual_end_date, file_name, size_bytes, content_digest, staging_key, expires_at)
                        VALUES (:id, :userId, :description, :categoryId, :actualDate,
                            :actualEndDate, :fileName, :sizeBytes, :contentDigest, :stagingKey, :expiresAt)""")
                .bind("id", upload.id())
                .bind("userId", upload.userId())
                .bind("description", upload.description())
                .bind("categoryId", upload.categoryId())
                .bind("actualDate", upload.actualDate())
                .bind("actualEndDate", upload.actualEndDate())
                .bind("fileName", upload.fileName())
                .bind("sizeBytes", upload.sizeBytes())
                .bind("contentDigest", upload.contentDigest())
                .bind("stagingKey", upload.stagingKey())
                .bind("expiresAt", Rows.at(upload.expiresAt()))
                .execute();
    }

    /// The open upload of that name and user.
    public Optional<PresignedUpload> find(Session session, String id, long userId, Instant now) {
        return session.sql()
                .createQuery("""
                        SELECT id, user_id, description, category_id, actual_date, actual_end_date, file_name,
                               size_bytes, content_digest, staging_key, expires_at
                        FROM presigned_upload
                        WHERE id = :id AND user_id = :userId AND expires_at > :now""")
                .bind("id", id)
                .bind("userId", userId)
                .bind("now", Rows.at(now))
                .map((row, context) -> upload(row))
                .findOne();
    }

    /// Lets nobody else open one for this user until the transaction ends, so that their count holds.
    public void lock(Tx tx, long userId) {
        tx.sql()
                .createQuery("SELECT 1 FROM pg_advisory_xact_lock(hashtextextended('presigned_upload', :userId))")
                .bind("userId", userId)
                .mapTo(Integer.class)
                .one();
    }

    /// How many a user has open.
    public int count(Session session, long userId, Instant now) {
        return session.sql()
                .createQuery("SELECT count(*) FROM presigned_upload WHERE user_id = :userId AND expires_at > :now")
                .bind("userId", userId)
                .bind("now", Rows.at(now))
                .mapTo(Integer.class)
                .one();
    }

    /// Ends one.
    ///
    /// @return false when it had ended already
    public boolean delete(Tx tx, String id) {
        return tx.sql()
                        .createUpdate("DELETE FROM presigned_upload WHERE id = :id")
                        .bind("id", id)
                        .execute()
                == 1;
    }

    /// Forgets uploads that nobody finished in time.
    ///
    /// @return how many, at most the limit
    public int deleteExpired(Tx tx, Instant now, int limit) {
        return tx.sql()
                .createUpdate("""
                        DELETE FROM presigned_upload
                        WHERE id IN (SELECT id FROM presigned_upload WHERE expires_at <= :now
                                     ORDER BY expires_at LIMIT :limit FOR UPDATE SKIP LOCKED)""")
                .bind("now", Rows.at(now))
                .bind("limit", limit)
                .execute();
    }

    private static PresignedUpload upload(ResultSet row) throws SQLException {
        return new PresignedUpload(
                row.getString("id"),
                row.getLong("user_id"),
                row.getString("description"),
                row.getLong("category_id"),
                Rows.date(row, "actual_date"),
                Rows.date(row, "actual_end_date"),
                row.getString("file_name"),
                row.getLong("size_bytes"),
                row.getString("content_digest"),
                row.getString("staging_key"),
                Rows.instant(row, "expires_at"));
    }
}
