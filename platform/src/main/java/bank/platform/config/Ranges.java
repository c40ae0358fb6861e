package bank.platform.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// Checks settings against their ranges and tells all that are outside at once.
public final class Ranges {
    private static final int PORT_MAX = 65_535;
    private static final Pattern ADDRESS = Pattern.compile("(?:\\[[0-9a-fA-F:.]+]|[^:/@\\[\\]\\s]+):([0-9]{1,5})");
    private static final int CONNECTIONS_MAX = 1_000;
    private static final int PARTITIONS_MAX = 1_000;
    private static final int REPLICAS_MAX = 9;
    private static final int RETRIES_MAX = 10;
    // What is overdue for an hour is taken for lost.
    private static final Duration RETRY_PAUSE_MAX = Duration.ofMinutes(30);
    private static final Duration TIMEOUT_MIN = Duration.ofMillis(1);
    private static final Duration TIMEOUT_MAX = Duration.ofDays(1);

    private final String prefix;
    private final List<String> problems = new ArrayList<>();

    private Ranges(String prefix) {
        this.prefix = prefix;
    }

    /// No ranges yet.
    ///
    /// @param prefix what the names of the settings begin with, e.g. `bank.edge.upstream`
    public static Ranges of(String prefix) {
        return new Ranges(prefix);
    }

    /// Ranges of the settings every service has.
    ///
    /// @param prefix what the names of the service's settings begin with, e.g. `bank.document`
    public static Ranges of(String prefix, ServiceConfig config) {
        return new Ranges(prefix)
                .within("port", config.port(), 0, PORT_MAX)
                .within("request-timeout", config.requestTimeout(), TIMEOUT_MIN, TIMEOUT_MAX)
                .within("request-timeout-max", config.requestTimeoutMax(), config.requestTimeout(), TIMEOUT_MAX)
                .within("transfer-timeout", config.transferTimeout(), TIMEOUT_MIN, TIMEOUT_MAX)
                .within("database.connections-max", config.database().connectionsMax(), 1, CONNECTIONS_MAX)
                .within("metrics.port", config.metrics().port().orElse(0), 0, PORT_MAX)
                .kafka("kafka", config.kafka());
    }

    /// Settings of Kafka.
    ///
    /// @param name what their names begin with, without the prefix
    public Ranges kafka(String name, KafkaConfig kafka) {
        var signsIn = kafka.protocol() == KafkaConfig.Protocol.SASL_PLAINTEXT
                || kafka.protocol() == KafkaConfig.Protocol.SASL_SSL;
        var sasl = kafka.sasl();
        var secure = kafka.protocol() == KafkaConfig.Protocol.SSL || kafka.protocol() == KafkaConfig.Protocol.SASL_SSL;
        var tls = kafka.tls();
        var servers = kafka.bootstrapServers();
        return addresses(name + ".bootstrap-servers", servers.orElse("none:1"))
                .within(name + ".partitions", kafka.partitions(), 1, PARTITIONS_MAX)
                .require(
                        name + ".retry-pauses",
                        kafka.retryPauses().size() <= RETRIES_MAX
                                && kafka.retryPauses().stream().allMatch(Ranges::retryable),
                        "must be 1 to " + RETRIES_MAX + " times with commas between, each " + TIMEOUT_MIN + " to "
                                + RETRY_PAUSE_MAX + ", are " + kafka.retryPauses())
                .within(name + ".replication-factor", kafka.replicationFactor().orElse(1), 1, REPLICAS_MAX)
                .require(
                        name + ".prefix",
                        kafka.prefix().orElse("").matches("[a-zA-Z0-9._-]{0,100}"),
                        "may have letters, digits, dots, underscores and hyphens, 100 at most")
                .require(
                        name + ".sasl.user",
                        !signsIn || sasl.jaasConfig().isPresent() || sasl.user().isPresent(),
                        "is missing, or sasl.jaas-config in its place")
                .require(
                        name + ".sasl.password",
                        !signsIn
                                || sasl.jaasConfig().isPresent()
                                || sasl.password().isPresent(),
                        "is missing, or sasl.jaas-config in its place")
                .require(
                        name + ".protocol",
                        secure || (tls.trustStore().isEmpty() && tls.keyStore().isEmpty()),
                        "must be ssl or sasl-ssl for certificates to be of use")
                .require(
                        name + ".protocol",
                        signsIn || (sasl.user().isEmpty() && sasl.jaasConfig().isEmpty()),
                        "must be sasl-plaintext or sasl-ssl to sign in");
    }

    private static boolean retryable(Duration pause) {
        return pause.compareTo(TIMEOUT_MIN) >= 0 && pause.compareTo(RETRY_PAUSE_MAX) <= 0;
    }

    /// A number, both ends allowed.
    ///
    /// @param name of the setting, without the prefix
    public Ranges within(String name, long value, long min, long max) {
        if (value < min || value > max) {
            add(name, value, min, max);
        }
        return this;
    }

    /// A time, both ends allowed.
    ///
    /// @param name of the setting, without the prefix
    public Ranges within(String name, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            add(name, value, min, max);
        }
        return this;
    }

    /// Any other rule.
    ///
    /// @param name of the setting, without the prefix
    /// @param rule what must hold, e.g. `must be an e-mail address`; tells no secret
    public Ranges require(String name, boolean holds, String rule) {
        if (!holds) {
            problems.add(prefix + "." + name + " " + rule);
        }
        return this;
    }

    /// Addresses of a service: `host:port`, or several of these with commas between.
    ///
    /// @param name of the setting, without the prefix
    public Ranges addresses(String name, String value) {
        var fit = Arrays.stream(value.split(",", -1)).allMatch(address -> isAddress(address.strip()));
        return require(name, fit, "must be host:port, or several of these with commas between, is " + value);
    }

    private static boolean isAddress(String address) {
        var match = ADDRESS.matcher(address);
        return match.matches() && Integer.parseInt(match.group(1)) <= PORT_MAX;
    }

    /// Stops the start when a setting is out of its range.
    ///
    /// @throws InvalidSettingsException listing every one
    public void check() {
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
    }

    private void add(String name, Object value, Object min, Object max) {
        problems.add(prefix + "." + name + ": " + value + " is not within " + min + " and " + max);
    }
}
