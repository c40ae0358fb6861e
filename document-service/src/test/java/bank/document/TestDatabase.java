package bank.document;

import bank.platform.config.ServiceConfig;
import bank.testing.PostgresExtension;
import java.util.Optional;

/// Settings of the database of a test class.
public record TestDatabase(PostgresExtension postgres) implements ServiceConfig.DatabaseConfig {
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
