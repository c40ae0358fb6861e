package bank.identity;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Channels;
import bank.testing.PostgresExtension;
import bank.testing.ServiceProcess;
import bank.v1.AuthServiceGrpc;
import bank.v1.LoginRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class MainIT {
    private static final Duration START_MAX = Duration.ofSeconds(60);
    private static final Duration STOP_MAX = Duration.ofSeconds(30);
    private static final int EXIT_BY_SIGTERM = 143;

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @Test
    void runsAloneByItsEnvironment() {
        try (var process = ServiceProcess.ofMain(Main.class)
                .environment("BANK_IDENTITY_PORT", "0")
                .environment("BANK_IDENTITY_DATABASE_URL", postgres.jdbcUrl())
                .environment("BANK_IDENTITY_DATABASE_USER", postgres.user())
                .environment("BANK_IDENTITY_DATABASE_PASSWORD", postgres.password())
                .environment("BANK_IDENTITY_TOKENS_ISSUER", RunningIdentity.ISSUER)
                .environment("BANK_IDENTITY_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9")
                .environment("BANK_IDENTITY_KEY_ENCRYPTION_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
                .heap("256m")
                .start()) {
            var ready = process.awaitLine(line -> line.startsWith("ready "), START_MAX);
            var admin = process.awaitLine(line -> line.startsWith("administrator "), START_MAX)
                    .split(" ");
            var channel = Channels.open(ready.substring("ready ".length()));
            try {
                var tokens = AuthServiceGrpc.newBlockingStub(channel)
                        .login(LoginRequest.newBuilder()
                                .setEmail(admin[1])
                                .setPassword(admin[5])
                                .build());
                assertThat(tokens.getAccessToken()).isNotEmpty();
            } finally {
                channel.shutdownNow();
            }
            assertThat(process.stop(STOP_MAX)).isEqualTo(EXIT_BY_SIGTERM);
        }
    }

    @Test
    void namesWhatItsEnvironmentLacks() {
        try (var process = ServiceProcess.ofMain(Main.class).start()) {
            assertThat(process.awaitExit(START_MAX)).isEqualTo(2);
            assertThat(String.join("\n", process.output()))
                    .contains("bank.identity.port", "bank.identity.database.url", "bank.identity.key-encryption-key")
                    .doesNotContain("\tat ");
        }
    }
}
