package bank.platform;

import bank.embedded.PostgresDatabase;
import bank.platform.config.KafkaConfig;
import bank.platform.config.ServiceConfig;
import bank.platform.config.ServiceConfig.DatabaseConfig;
import bank.platform.config.ServiceConfig.MetricsConfig;
import bank.platform.config.Settings;
import bank.platform.grpc.CallTimes;
import bank.testing.PostgresExtension;
import io.smallrye.config.ConfigMapping;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Settings of a service under test.
public final class TestServices {
    /// A port that nobody listens on, for tests without events.
    private static final KafkaConfig NO_KAFKA = kafka("127.0.0.1:9", "");

    private static final MetricsConfig NO_METRICS = new MetricsConfig() {
        @Override
        public OptionalInt port() {
            return OptionalInt.empty();
        }

        @Override
        public String host() {
            return "127.0.0.1";
        }
    };

    private TestServices() {}

    /// Kafka at an address, its topics with a prefix.
    public static KafkaConfig kafka(String servers, String prefix) {
        return kafka(Map.of("bootstrap-servers", servers, "prefix", prefix));
    }

    /// Kafka by its settings, e.g. `bootstrap-servers`.
    public static KafkaConfig kafka(Map<String, String> settings) {
        var prefixed = new HashMap<String, String>();
        settings.forEach((name, value) -> prefixed.put("bank.test.kafka." + name, value));
        return Settings.of(Test.class, prefixed).kafka();
    }

    /// Settings with nothing but Kafka in them.
    @ConfigMapping(prefix = "bank.test")
    public interface Test {
        /// Kafka.
        KafkaConfig kafka();
    }

    public static DatabaseConfig database(PostgresExtension postgres) {
        return database(postgres.jdbcUrl(), postgres);
    }

    public static DatabaseConfig database(String url, PostgresExtension postgres) {
        return database(new PostgresDatabase("", url, postgres.user(), postgres.password()), 8);
    }

    public static DatabaseConfig database(PostgresDatabase database, int connectionsMax) {
        return new DatabaseConfig() {
            @Override
            public String url() {
                return database.jdbcUrl();
            }

            @Override
            public String user() {
                return database.user();
            }

            @Override
            public Optional<String> password() {
                return Optional.of(database.password());
            }

            @Override
            public int connectionsMax() {
                return connectionsMax;
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
            public String brokers() {
                return kafka().bootstrapServers().orElseThrow();
            }

            @Override
            public KafkaConfig kafka() {
                return NO_KAFKA;
            }

            @Override
            public MetricsConfig metrics() {
                return NO_METRICS;
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
