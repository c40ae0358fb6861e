package bank.identity.domain;

import bank.identity.model.ApiVersion;
import bank.identity.store.ApiVersionStore;
import bank.platform.db.Database;
import java.util.List;

/// Versions of the interface.
public final class ApiVersions {
    private final Database database;
    private final ApiVersionStore versions;

    /// @param versions where they are kept
    public ApiVersions(Database database, ApiVersionStore versions) {
        this.database = database;
        this.versions = versions;
    }

    /// Every version, the oldest first.
    public List<ApiVersion> all() {
        return database.read(versions::all);
    }
}
