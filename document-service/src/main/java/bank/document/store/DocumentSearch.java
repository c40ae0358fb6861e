package bank.document.store;

import bank.document.model.DocumentStatus;
import bank.document.model.DocumentSummary;
import bank.document.model.ListPosition;
import bank.platform.db.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lists of documents, newest first. A query has the conditions that are asked for and no others, so that
/// each is planned for itself and runs along the index of its criterion.
public final class DocumentSearch {
    /// What the documents must meet; null and empty do not narrow.
    ///
    /// @param uploadedFrom uploaded then or later
    /// @param uploadedBefore uploaded before then
    /// @param text words that must all be in the description
    public record Filter(
            @Nullable DocumentStatus status,
            @Nullable Long categoryId,
            @Nullable Long userId,
            @Nullable Long workerId,
            @Nullable Instant uploadedFrom,
            @Nullable Instant uploadedBefore,
            String text) {
        /// Documents of one user.
        public static Filter ofUser(long userId) {
            return new Filter(null, null, userId, null, null, null, "");
        }
    }

    /// SQL of a search and its parameters by name.
    record Query(String sql, Map<String, Object> parameters) {}

    /// Documents after a position.
    ///
    /// @param after where the page before ended; null for the first page
    public List<DocumentSummary> list(Session session, Filter filter, @Nullable ListPosition after, int limit) {
        var query = query(filter, after, limit);
        return session.sql()
                .createQuery(query.sql())
                .bindMap(query.parameters())
                .map((row, context) -> summary(row))
                .list();
    }

    static Query query(Filter filter, @Nullable ListPosition after, int limit) {
        var conditions = new ArrayList<String>();
        var parameters = new HashMap<String, Object>();
        narrow(
                conditions,
                parameters,
                "d.status = :status",
                "status",
                filter.status() == null ? null : filter.status().code());
        narrow(conditions, parameters, "d.category_id = :category", "category", filter.categoryId());
        narrow(conditions, parameters, "d.user_id = :user", "user", filter.userId());
        narrow(conditions, parameters, "d.worker_id = :worker", "worker", filter.workerId());
        narrow(
                conditions,
                parameters,
                "d.created_at >= :from",
                "from",
                filter.uploadedFrom() == null ? null : Rows.at(filter.uploadedFrom()));
        narrow(
                conditions,
                parameters,
                "d.created_at < :before",
                "before",
                filter.uploadedBefore() == null ? null : Rows.at(filter.uploadedBefore()));
        narrow(
                conditions,
                parameters,
                "d.words @@ plainto_tsquery('russian', :text)",
                "text",
                filter.text().isBlank() ? null : filter.text());
        if (after != null) {
            narrow(
                    conditions,
                    parameters,
                    "(d.created_at, d.id) < (:afterTime, :afterId)",
                    "afterTime",
                    Rows.at(after.createdAt()));
            parameters.put("afterId", after.id());
        }
        parameters.put("limit", limit);
        var where = conditions.isEmpty() ? "" : "WHERE " + String.join(" AND ", conditions) + "\n";
        return new Query("""
                SELECT d.id, d.user_id, d.description, c.name_ru AS category, d.status, d.worker_id,
                       d.plan_maturity_date, d.created_at
                FROM document d
                JOIN document_category c ON c.id = d.category_id
                """ + where + """
                ORDER BY d.created_at DESC, d.id DESC
                LIMIT :limit""", parameters);
    }

    private static void narrow(
            List<String> conditions,
            Map<String, Object> parameters,
            String condition,
            String parameter,
            @Nullable Object value) {
        if (value != null) {
            conditions.add(condition);
            parameters.put(parameter, value);
        }
    }

    private static DocumentSummary summary(ResultSet row) throws SQLException {
        return new DocumentSummary(
                row.getLong("id"),
                row.getLong("user_id"),
                row.getString("description"),
                row.getString("category"),
                DocumentStatus.of(row.getString("status")),
                Rows.number(row, "worker_id"),
                Rows.date(row, "plan_maturity_date"),
                Rows.instant(row, "created_at"));
    }
}
