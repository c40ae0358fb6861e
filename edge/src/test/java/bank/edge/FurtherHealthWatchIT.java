package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Channels;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The health of a service of another system is its own, and not that of the edge.
class FurtherHealthWatchIT {
    private static String check(ManagedChannel channel, String service) {
        return HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.newBuilder().setService(service).build())
                .getStatus()
                .name();
    }

    @Test
    void tellsThatAServiceCannotBeReachedByItsName() throws IOException {
        var library = new TestLibrary();
        try (var bank = new TestBank(library.settings())) {
            var channel = Channels.open("127.0.0.1:" + bank.edge.port());
            try {
                assertThat(check(channel, "library.Library")).isEqualTo("SERVING");
                var watched = HealthGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(Duration.ofSeconds(20))
                        .watch(HealthCheckRequest.newBuilder()
                                .setService("library.Catalogue")
                                .build());
                assertThat(watched.next().getStatus().name()).isEqualTo("SERVING");

                library.close();

                assertThat(watched.next().getStatus().name()).isEqualTo("NOT_SERVING");
                assertThat(check(channel, "library.Catalogue")).isEqualTo("NOT_SERVING");
                assertThat(check(channel, "bank.v1.DocumentService")).isEqualTo("SERVING");
                assertThat(check(channel, "")).isEqualTo("SERVING");
            } finally {
                channel.shutdownNow();
                library.close();
            }
        }
    }
}
