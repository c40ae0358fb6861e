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
        return Database.open(new Settings(postgres), "registry");
    }

    private record Settings(PostgresExtension postgres) implements DatabaseConfig {
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

        @Override
        public int connectionsMax() {
            return 4;
        }
    }
}
