package bank.identity;

import static org.assertj.core.api.Assertions.assertThat;

import bank.embedded.EmbeddedKafkaServer;
import bank.embedded.KafkaSettings;
import bank.testing.PostgresExtension;
import bank.v1.ActivityLogged;
import bank.v1.IdentifierType;
import bank.v1.RegisterRequest;
import bank.v1.VerificationRequested;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Without Kafka everything goes on, and what happened meanwhile is told later.
final class KafkaOutageIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @TempDir
    Path directory;

    @Test
    void registrationsAndSignInsGoOnAndAreToldLater() {
        String address;
        try (var kafka = EmbeddedKafkaServer.start(KafkaSettings.volatileForTests(directory))) {
            address = kafka.bootstrapServers();
        }
        var settings = Map.of("bank.identity.kafka.bootstrap-servers", address);
        try (var identity = RunningIdentity.start(postgres.database(), Clock.systemUTC(), settings)) {
            var user = identity.auth()
                    .register(RegisterRequest.newBuilder()
                            .setEmail("outage@example.org")
                            .setPassword(RunningIdentity.PASSWORD)
                            .setIdentifierType(IdentifierType.IDENTIFIER_TYPE_NIN)
                            .setIdentifierValue("AB123456C")
                            .build());
            var tokens = identity.login(user.getEmail(), RunningIdentity.PASSWORD);
            assertThat(tokens.getAccessToken()).isNotEmpty();

            try (var kafka = EmbeddedKafkaServer.start(KafkaSettings.volatileForTests(directory));
                    var topics = new EventTopics(kafka.bootstrapServers(), "")) {
                assertThat(kafka.bootstrapServers()).isEqualTo(address);
                var asked = topics.first(
                        VerificationRequested.getDefaultInstance(), event -> event.getUserId() == user.getId());
                assertThat(asked.version()).isEqualTo(1);
                var signedIn = topics.first(
                        ActivityLogged.getDefaultInstance(),
                        event -> event.getAction().equals("session.signed_in"));
                assertThat(signedIn.payload().getSubject()).isEqualTo("user:" + user.getId());
            }
        }
    }
}
