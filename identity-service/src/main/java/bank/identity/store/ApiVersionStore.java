package bank.identity.store;

import bank.identity.model.ApiVersion;
import bank.platform.db.Session;
import java.util.List;

/// Versions of the interface.
public final class ApiVersionStore {
    private static final int MAX = 100;

    /// Every version, the oldest first.
    public List<ApiVersion> all(Session session) {
        return session.sql()
                .createQuery("""
                        SELECT version, deprecated_at, sunset_at, info_url FROM api_version
                        ORDER BY length(version), version LIMIT :max""")
                .bind("max", MAX)
                .map((row, context) -> new ApiVersion(
                        row.getString("version"),
                        Times.readOptional(row, "deprecated_at"),
                        Times.readOptional(row, "sunset_at"),
                        row.getString("info_url")))
                .list();
    }
}
