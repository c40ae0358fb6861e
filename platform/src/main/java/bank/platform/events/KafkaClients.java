package bank.platform.events;

import bank.platform.config.KafkaConfig;
import bank.platform.config.KafkaConfig.Protocol;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Clients of Kafka as the settings say. None of them needs Kafka to be there when it is made.
public final class KafkaClients {
    /// After what time a message that was not acknowledged counts as not published.
    static final Duration DELIVERY_MAX = Duration.ofSeconds(20);

    private static final Duration REQUEST_MAX = Duration.ofSeconds(10);
    private static final Duration BLOCKED_MAX = Duration.ofSeconds(5);
    private static final Duration RECONNECT_PAUSE_MAX = Duration.ofSeconds(5);
    private static final Duration SESSION_MAX = Duration.ofSeconds(10);
    private static final Duration WORK_MAX = Duration.ofMinutes(10);
    private static final Duration HASTY_REQUEST_MAX = Duration.ofSeconds(3);
    private static final Duration HASTY_BLOCKED_MAX = Duration.ofSeconds(1);
    private static final Duration HASTY_LINGER = Duration.ofMillis(20);
    private static final int BATCH_BYTES = 128 * 1024;
    private static final int BUFFER_BYTES = 16 * 1024 * 1024;

    private final KafkaConfig config;
    private final String client;

    /// @param client name the brokers know the process by, e.g. `identity-service`
    public KafkaClients(KafkaConfig config, String client) {
        this.config = config;
        this.client = client;
    }

    KafkaConfig config() {
        return config;
    }

    /// The name of a topic or a group as the brokers have it.
    public String prefixed(String name) {
        return config.prefix().orElse("") + name;
    }

    /// The name of a topic without the installation's prefix.
    String bare(String name) {
        return name.substring(config.prefix().orElse("").length());
    }

    /// A producer that loses nothing and keeps order: what it acknowledges, all replicas in sync have, once. One
    /// request at a time goes to each broker, so that when a message fails no later one of its partition is on its
    /// way.
    public KafkaProducer<String, byte[]> producer() {
        var properties = common();
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis(DELIVERY_MAX));
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(REQUEST_MAX));
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis(BLOCKED_MAX));
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    /// A producer for what may be lost: it waits for the leader of a partition alone, gathers for a moment, and gives
    /// up soon.
    public KafkaProducer<String, byte[]> hastyProducer() {
        var properties = common();
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        properties.put(ProducerConfig.ACKS_CONFIG, "1");
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis(BLOCKED_MAX));
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(HASTY_REQUEST_MAX));
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis(HASTY_BLOCKED_MAX));
        properties.put(ProducerConfig.LINGER_MS_CONFIG, millis(HASTY_LINGER));
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    /// A consumer that begins where its group has committed, or else at the first message.
    ///
    /// @param group name of the group, without the prefix
    /// @param pollMax most messages of a poll
    KafkaConsumer<String, byte[]> consumer(String group, int pollMax) {
        var properties = common();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, prefixed(group));
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, millis(SESSION_MAX));
        properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, millis(WORK_MAX));
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, pollMax);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /// A consumer without a group, for those who want every message and keep their place themselves.
    public KafkaConsumer<String, byte[]> reader() {
        var properties = common();
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /// A client that makes topics.
    Admin admin() {
        var properties = common();
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, millis(BLOCKED_MAX));
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, millis(REQUEST_MAX));
        return Admin.create(properties);
    }

    /// What all clients are told.
    Map<String, Object> common() {
        var properties = new HashMap<String, Object>();
        properties.put(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                config.bootstrapServers().orElseThrow());
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, client);
        properties.put(
                CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, config.protocol().name());
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, millis(RECONNECT_PAUSE_MAX));
        if (config.protocol() == Protocol.SASL_PLAINTEXT || config.protocol() == Protocol.SASL_SSL) {
            properties.put(SaslConfigs.SASL_MECHANISM, config.sasl().mechanism());
            properties.put(SaslConfigs.SASL_JAAS_CONFIG, jaas(config.sasl()));
        }
        if (config.protocol() == Protocol.SSL || config.protocol() == Protocol.SASL_SSL) {
            putTls(properties, config.tls());
        }
        return properties;
    }

    private static String jaas(KafkaConfig.SaslConfig sasl) {
        return sasl.jaasConfig().orElseGet(() -> {
            var module = sasl.mechanism().equals("PLAIN")
                    ? "org.apache.kafka.common.security.plain.PlainLoginModule"
                    : "org.apache.kafka.common.security.scram.ScramLoginModule";
            return "%s required username=%s password=%s;"
                    .formatted(
                            module,
                            quoted(sasl.user().orElse("")),
                            quoted(sasl.password().orElse("")));
        });
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static void putTls(Map<String, Object> properties, KafkaConfig.TlsConfig tls) {
        tls.trustStore().ifPresent(file -> {
            properties.put(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, file);
            properties.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, type(file));
            tls.trustStorePassword()
                    .ifPresent(password -> properties.put(SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG, password));
        });
        tls.keyStore().ifPresent(file -> {
            properties.put(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, file);
            properties.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, type(file));
            tls.keyStorePassword().ifPresent(password -> {
                properties.put(SslConfigs.SSL_KEY_PASSWORD_CONFIG, password);
                if (!type(file).equals("PEM")) {
                    properties.put(SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG, password);
                }
            });
        });
    }

    private static String type(String file) {
        if (file.endsWith(".pem")) {
            return "PEM";
        }
        return file.endsWith(".jks") ? "JKS" : "PKCS12";
    }

    private static int millis(Duration time) {
        return Math.toIntExact(time.toMillis());
    }
}
