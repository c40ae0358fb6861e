package bank.registry;

import bank.platform.config.ServiceConfig.DatabaseConfig;
import bank.platform.db.Database;
import bank.testing.PostgresExtension;
import java.util.Optional;

/// The database of registry-service, without the service.
public final class TestDatabase {
    private TestDatabase() {}

    /// Opens it, migrated.
    public static Database open(PostgresExtension postgres) {
        return open(postgres, 4);
    }

    /// Opens it, migrated, with so many connections.
    public static Database open(PostgresExtension postgres, int connectionsMax) {
        return Database.open(new Settings(postgres, connectionsMax), "registry");
    }

    private record Settings(PostgresExtension postgres, int connectionsMax) implements DatabaseConfig {
        @Override
        public String url() {
            return postgres.jdbcUrl();
        }

        @Override
        public String user() {
            return postgres.user();
        }

        @Override
        public Optional<String> password() {
            return Optional.of(postgres.password());
        }
    }
}
