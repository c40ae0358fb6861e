package bank.edge.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FurtherHealthIT {
    private static final String SERVICE = "acme.Rates";

    private final List<AutoCloseable> open = new ArrayList<>();
    private final HealthStatusManager states = new HealthStatusManager();

    @AfterEach
    void close() throws Exception {
        for (var one : open.reversed()) {
            one.close();
        }
    }

    private FurtherHealth health(String address) {
        var health = new FurtherHealth(Map.of(SERVICE, address));
        open.add(health);
        return health;
    }

    private Server server(int port) throws IOException {
        var server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                .addService(states.getHealthService())
                .build()
                .start();
        open.add(server::shutdownNow);
        return server;
    }

    private boolean serves(String address) {
        return health(address).serves(SERVICE);
    }

    @Test
    void isWhatTheServiceSaysOfItself() throws IOException {
        String address = "127.0.0.1:" + server(0).getPort();

        states.setStatus(SERVICE, ServingStatus.NOT_SERVING);
        assertThat(serves(address)).isFalse();
        states.setStatus(SERVICE, ServingStatus.SERVING);
        assertThat(serves(address)).isTrue();
    }

    @Test
    void isThatOfItsServerWhenThisSaysNothingOfTheService() throws IOException {
        String address = "127.0.0.1:" + server(0).getPort();

        assertThat(serves(address)).isTrue();
        states.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.NOT_SERVING);
        assertThat(serves(address)).isFalse();
    }

    @Test
    void isThatItCanBeReachedWhenItSaysNothing() {
        try (var mute = new Instance(0)) {
            assertThat(serves(mute.address())).isTrue();
        }
    }

    @Test
    void isNoneOfWhatCannotBeReachedOrIsSilent() throws IOException {
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        assertThat(serves("127.0.0.1:" + closed)).isFalse();

        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var health = health("127.0.0.1:" + silent.getLocalPort());
            long begun = System.nanoTime();
            for (int i = 0; i < 1_000; i++) {
                assertThat(health.serves(SERVICE)).isFalse();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void followsAServiceThatGoesAndComesBack() throws Exception {
        var server = server(0);
        int port = server.getPort();
        var health = health("127.0.0.1:" + port);
        assertThat(health.serves(SERVICE)).isTrue();

        server.shutdownNow().awaitTermination();
        await(health, false);
        server(port);
        await(health, true);
    }

    private static void await(FurtherHealth health, boolean serves) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (health.serves(SERVICE) != serves) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void knowsServicesOfOtherSystemsAlone() {
        var health = health("127.0.0.1:1");
        assertThat(health.knows("bank.v1.DocumentService")).isFalse();
        assertThat(health.knows(SERVICE)).isTrue();
    }
}
