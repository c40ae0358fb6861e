package bank.platform;

import bank.platform.config.ServiceConfig;
import bank.platform.config.ServiceConfig.DatabaseConfig;
import bank.platform.grpc.CallTimes;
import bank.testing.PostgresExtension;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// Settings of a service under test.
public final class TestServices {
    private TestServices() {}

    public static DatabaseConfig database(PostgresExtension postgres) {
        return database(postgres.jdbcUrl(), postgres);
    }

    public static DatabaseConfig database(String url, PostgresExtension postgres) {
        return new DatabaseConfig() {
            @Override
            public String url() {
                return url;
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
                return 8;
            }
        };
    }

    public static ServiceConfig config(DatabaseConfig database) {
        return new ServiceConfig() {
            @Override
            public String host() {
                return "127.0.0.1";
            }

            @Override
            public int port() {
                return 0;
            }

            @Override
            public Optional<Set<String>> authorities() {
                return Optional.empty();
            }

            @Override
            public Duration requestTimeout() {
                return CallTimes.DEFAULT.unary();
            }

            @Override
            public Duration requestTimeoutMax() {
                return CallTimes.DEFAULT.unaryMax();
            }

            @Override
            public Duration transferTimeout() {
                return CallTimes.DEFAULT.transfer();
            }

            @Override
            public DatabaseConfig database() {
                return database;
            }

            @Override
            public TokenConfig tokens() {
                return TestTokens.config();
            }
        };
    }
}
