package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.edge.grpc.HealthAnswers;
import bank.platform.grpc.Channels;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthWatchIT {
    private TestBank bank;
    private ManagedChannel channel;

    @BeforeEach
    void start() {
        bank = new TestBank(Map.of(
                "bank.edge.request-timeout", "PT3S",
                "bank.edge.connections.idle-max", "PT2S"));
        channel = Channels.open("127.0.0.1:" + bank.edge.port());
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        bank.close();
    }

    /// What a watcher is told: states, then `end`, or the code and reason of a failure.
    private static final class Watch implements ClientResponseObserver<HealthCheckRequest, HealthCheckResponse> {
        final BlockingQueue<String> told = new LinkedBlockingQueue<>();
        private ClientCallStreamObserver<HealthCheckRequest> call;

        @Override
        public void beforeStart(ClientCallStreamObserver<HealthCheckRequest> call) {
            this.call = call;
        }

        @Override
        public void onNext(HealthCheckResponse answer) {
            told.add(answer.getStatus().name());
        }

        @Override
        public void onError(Throwable cause) {
            told.add(Status.fromThrowable(cause).getCode().name());
        }

        @Override
        public void onCompleted() {
            told.add("end");
        }

        String next() throws InterruptedException {
            return told.poll(20, TimeUnit.SECONDS);
        }

        void cancel() {
            call.cancel("enough", null);
        }
    }

    private Watch watch(String service) {
        var watch = new Watch();
        HealthGrpc.newStub(channel)
                .watch(HealthCheckRequest.newBuilder().setService(service).build(), watch);
        return watch;
    }

    @Test
    void tellsHowItIsAtOnceAndWhenItChanges() throws InterruptedException {
        var whole = watch("");
        var one = watch("bank.v1.DocumentService");
        assertThat(whole.next()).isEqualTo("SERVING");
        assertThat(one.next()).isEqualTo("SERVING");

        bank.stopServices();

        assertThat(whole.next()).isEqualTo("NOT_SERVING");
        assertThat(one.next()).isEqualTo("NOT_SERVING");
        assertThat(watch("").next()).isEqualTo("NOT_SERVING");
    }

    @Test
    void lastsLongerThanRequestsMay() throws InterruptedException {
        var watch = watch("");
        assertThat(watch.next()).isEqualTo("SERVING");

        assertThat(bank.get("/v1/sm/contracts/" + TestServices.Contracts.SILENT).statusCode())
                .isEqualTo(504);

        assertThat(watch.told).isEmpty();
        bank.stopServices();
        assertThat(watch.next()).isEqualTo("NOT_SERVING");
    }

    @Test
    void loseTheirConnectionWhenTheyAnswerNoPing() throws Exception {
        try (var gone = new RawHttp2(bank.edge.port())) {
            gone.headers(
                    RawHttp2.END_HEADERS,
                    1,
                    ":method",
                    "POST",
                    ":scheme",
                    "http",
                    ":authority",
                    "edge",
                    ":path",
                    "/grpc.health.v1.Health/Watch",
                    "content-type",
                    "application/grpc",
                    "te",
                    "trailers");
            gone.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1, new byte[5]);
            assertThat(gone.receive())
                    .isNotNull()
                    .extracting(RawHttp2.Frame::type)
                    .isEqualTo(RawHttp2.HEADERS);
            assertThat(gone.receive())
                    .isNotNull()
                    .extracting(RawHttp2.Frame::type)
                    .isEqualTo(RawHttp2.DATA);

            var end = gone.receive();
            assertThat(end == null || end.type() == RawHttp2.GOAWAY).isTrue();
        }
    }

    @Test
    void keepsWatchersOfUnknownServices() throws InterruptedException {
        var unknown = watch("bank.v1.Nothing");
        var whole = watch("");
        assertThat(unknown.next()).isEqualTo("SERVICE_UNKNOWN");
        assertThat(whole.next()).isEqualTo("SERVING");

        bank.stopServices();
        assertThat(whole.next()).isEqualTo("NOT_SERVING");
        assertThat(unknown.told).isEmpty();

        bank.edge.close();
        assertThat(unknown.next()).isEqualTo("end");
    }

    @Test
    void letsWatchersGoWhenTheEdgeStops() throws InterruptedException {
        var watch = watch("");
        assertThat(watch.next()).isEqualTo("SERVING");

        bank.edge.close();

        assertThat(watch.next()).isEqualTo("NOT_SERVING");
        assertThat(watch.next()).isEqualTo("end");
    }

    @Test
    void boundsTheWatchersOfOneAddress() throws InterruptedException {
        List<Watch> watches = new ArrayList<>();
        for (int i = 0; i < HealthAnswers.WATCHERS_OF_ONE_MAX; i++) {
            watches.add(watch(""));
        }
        for (var watch : watches) {
            assertThat(watch.next()).isEqualTo("SERVING");
        }
        assertThat(watch("").next()).isEqualTo("RESOURCE_EXHAUSTED");

        watches.getFirst().cancel();

        var told = "RESOURCE_EXHAUSTED";
        for (int i = 0; i < 1_000 && told.equals("RESOURCE_EXHAUSTED"); i++) {
            told = watch("").next();
        }
        assertThat(told).isEqualTo("SERVING");
    }
}
