package bank.platform.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import bank.platform.TestServices;
import bank.platform.config.InvalidSettingsException;
import bank.platform.config.Ranges;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;

class KafkaClientsTest {
    private static Map<String, Object> told(Map<String, String> settings) {
        return clients(settings).common();
    }

    private static KafkaClients clients(Map<String, String> settings) {
        var all = new HashMap<>(Map.of("bootstrap-servers", "kafka1:9092,kafka2:9092"));
        all.putAll(settings);
        return new KafkaClients(TestServices.kafka(all), "test-service");
    }

    @Test
    void isPlainByDefault() {
        assertThat(told(Map.of()))
                .containsEntry("bootstrap.servers", "kafka1:9092,kafka2:9092")
                .containsEntry("security.protocol", "PLAINTEXT")
                .containsEntry("client.id", "test-service")
                .doesNotContainKeys("sasl.mechanism", "sasl.jaas.config", "ssl.truststore.location");
    }

    @Test
    void signsInAsTheSettingsSay() {
        assertThat(told(Map.of(
                        "protocol", "sasl-ssl", "sasl.user", "identity", "sasl.password", "a\"b\\c;",
                        "tls.trust-store", "/etc/kafka/ca.pem")))
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
                .containsEntry(
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required"
                                + " username=\"identity\" password=\"a\\\"b\\\\c;\";")
                .containsEntry("ssl.truststore.location", "/etc/kafka/ca.pem")
                .containsEntry("ssl.truststore.type", "PEM");
        assertThat(told(Map.of(
                        "protocol", "sasl-plaintext", "sasl.mechanism", "PLAIN", "sasl.user", "u", "sasl.password", "p")))
                .containsEntry("security.protocol", "SASL_PLAINTEXT")
                .containsEntry(
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required"
                                + " username=\"u\" password=\"p\";");
        assertThat(told(Map.of(
                        "protocol", "sasl-ssl", "sasl.mechanism", "OAUTHBEARER", "sasl.jaas-config", "some.Module required;")))
                .containsEntry("sasl.mechanism", "OAUTHBEARER")
                .containsEntry("sasl.jaas.config", "some.Module required;");
    }

    @Test
    void showsItsCertificateWhereItHasOne() {
        assertThat(told(Map.of(
                        "protocol", "ssl",
                        "tls.trust-store", "/etc/trust.p12",
                        "tls.trust-store-password", "t",
                        "tls.key-store", "/etc/key.jks",
                        "tls.key-store-password", "k")))
                .containsEntry("security.protocol", "SSL")
                .containsEntry("ssl.truststore.type", "PKCS12")
                .containsEntry("ssl.truststore.password", "t")
                .containsEntry("ssl.keystore.location", "/etc/key.jks")
                .containsEntry("ssl.keystore.type", "JKS")
                .containsEntry("ssl.keystore.password", "k")
                .containsEntry("ssl.key.password", "k");
    }

    @Test
    void clientsKeepThePasswordOutOfWhatTheyTellOfThemselves() {
        var config = new ProducerConfig(withSerializers(
                told(Map.of("protocol", "sasl-plaintext", "sasl.user", "identity", "sasl.password", "hunter2"))));

        assertThat(config.values().toString()).contains("[hidden]").doesNotContain("hunter2");
    }

    private static Map<String, Object> withSerializers(Map<String, Object> properties) {
        properties.put("key.serializer", "org.apache.kafka.common.serialization.StringSerializer");
        properties.put("value.serializer", "org.apache.kafka.common.serialization.StringSerializer");
        return properties;
    }

    @Test
    void namesHaveThePrefixOfTheInstallation() {
        var clients = clients(Map.of("prefix", "bank."));

        assertThat(clients.prefixed("document.status")).isEqualTo("bank.document.status");
        assertThat(clients.bare("bank.document.status")).isEqualTo("document.status");
    }

    @Test
    void refusesSettingsThatDoNotFitTogether() {
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> check(Map.of(
                        "bootstrap-servers", "kafka",
                        "protocol", "sasl-ssl",
                        "partitions", "0",
                        "replication-factor", "10",
                        "prefix", "a b")))
                .satisfies(e -> assertThat(e.problems())
                        .hasSize(6)
                        .anyMatch(problem -> problem.contains("bank.test.kafka.bootstrap-servers"))
                        .anyMatch(problem -> problem.contains("bank.test.kafka.sasl.user"))
                        .anyMatch(problem -> problem.contains("bank.test.kafka.sasl.password"))
                        .anyMatch(problem -> problem.contains("bank.test.kafka.partitions"))
                        .anyMatch(problem -> problem.contains("bank.test.kafka.replication-factor"))
                        .anyMatch(problem -> problem.contains("bank.test.kafka.prefix")));
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> check(Map.of(
                        "bootstrap-servers", "kafka:9092", "sasl.user", "u", "tls.trust-store", "/etc/ca.pem")))
                .satisfies(e -> assertThat(e.problems()).hasSize(2));
        check(Map.of("bootstrap-servers", "kafka1:9092,kafka2:9092", "partitions", "1000", "replication-factor", "9"));
    }

    private static void check(Map<String, String> settings) {
        Ranges.of("bank.test").kafka("kafka", TestServices.kafka(settings)).check();
    }
}
