package bank.edge.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bank.edge.EdgeConfig;
import bank.edge.route.ServiceSet;
import bank.platform.config.Settings;
import bank.platform.failure.FailureException;
import bank.testing.ExpectedLog;
import bank.v1.GetDocumentRequest;
import bank.v1.SetDocumentStatusRequest;
import com.google.protobuf.Message;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.server.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamsIT {
    private static final Duration LONGER_THAN_SILENCE = Duration.ofMillis(200);

    private static final String SERVICE = "bank.v1.DocumentReviewService";

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog(
            "WARN UpstreamCall call broke off: ",
            "WARN UnaryCall call broke off: ",
            "WARN Attempts /bank.v1.DocumentReviewService/GetDocument got no answer of gRPC from ",
            "WARN Circuits 127.0.0.1:");

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var one : open.reversed()) {
            one.close();
        }
    }

    private Instance instance() {
        var instance = new Instance(0);
        open.add(instance);
        return instance;
    }

    private Upstreams upstreams(String addresses, String... settings) {
        var upstreams = new Upstreams(
                Map.of(SERVICE, addresses),
                ServiceSet.own(Map.of()).rpcs(),
                config(settings),
                EventLoopGroups.newEventLoopGroup(2));
        open.add(upstreams);
        return upstreams;
    }

    private static UpstreamConfig config(String... settings) {
        var all = new HashMap<>(Map.of(
                "bank.edge.upstreams.identity", "identity:1",
                "bank.edge.upstreams.document", "document:2",
                "bank.edge.upstreams.contract", "contract:3",
                "bank.edge.upstreams.registry", "registry:4",
                "bank.edge.tokens.issuer", "https://bank.test"));
        for (var i = 0; i < settings.length; i += 2) {
            all.put("bank.edge.upstream." + settings[i], settings[i + 1]);
        }
        return Settings.of(EdgeConfig.class, all).upstream();
    }

    private static void read(Upstreams upstreams) {
        call(upstreams, "GetDocument", GetDocumentRequest.newBuilder().setId(1).build(), Duration.ofSeconds(20));
    }

    private static void mutate(Upstreams upstreams) {
        call(
                upstreams,
                "SetDocumentStatus",
                SetDocumentStatusRequest.newBuilder().setId(1).build(),
                Duration.ofSeconds(20));
    }

    private static RequestHeaders headers(String rpc) {
        return RequestHeaders.builder(HttpMethod.POST, "/" + SERVICE + "/" + rpc)
                .set("content-type", "application/grpc")
                .set("te", "trailers")
                .build();
    }

    private static void call(Upstreams upstreams, String rpc, Message message, Duration timeout) {
        try (var call = upstreams.call(headers(rpc), timeout, _ -> {})) {
            call.send(message.toByteArray());
            call.halfClose();
            assertThat(call.receive()).isNotNull();
            assertThat(call.receive()).isNull();
        }
    }

    private static void assertUnavailable(Runnable call) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(FailureException.class, e -> {
            assertThat(e.failure().reason()).isEqualTo("UPSTREAM_UNAVAILABLE");
            assertThat(e.failure().retryAfter()).isEqualTo(Duration.ofSeconds(1));
        });
    }

    /// Calls from four threads until told to stop; how many there were.
    private static final class Load {
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicInteger calls = new AtomicInteger();
        private final List<Future<?>> callers = new ArrayList<>();

        Load(Upstreams upstreams) {
            var threads = Executors.newVirtualThreadPerTaskExecutor();
            for (var i = 0; i < 4; i++) {
                callers.add(threads.submit(() -> {
                    while (!over.get()) {
                        read(upstreams);
                        calls.incrementAndGet();
                    }
                }));
            }
        }

        /// Waits until so many further calls went well.
        void await(int more) {
            var goal = calls.get() + more;
            while (calls.get() < goal) {
                assertThat(callers).as("callers whose calls all go well").noneMatch(Future::isDone);
                Thread.yield();
            }
        }

        void end() throws Exception {
            over.set(true);
            for (var caller : callers) {
                caller.get();
            }
        }
    }

    @Test
    void goesToTheAddressesInTurn() {
        var a = instance();
        var b = instance();
        var upstreams = upstreams(a.address() + ", " + b.address());

        for (var i = 0; i < 10; i++) {
            read(upstreams);
        }

        assertThat(a.reads).hasValue(5);
        assertThat(b.reads).hasValue(5);
    }

    @Test
    void knowsNamesOfTheHostsFile() {
        var a = instance();

        read(upstreams("localhost:" + a.port()));

        assertThat(a.reads).hasValue(1);
    }

    @Test
    void losesNoReadWhenOneOfTwoInstancesDies() throws Exception {
        var a = instance();
        var b = instance();
        var load = new Load(upstreams(a.address() + "," + b.address()));
        load.await(200);

        a.close();
        load.await(500);
        load.end();

        assertThat(b.reads.get()).isGreaterThan(500);
    }

    @Test
    void losesNoReadWhenInstancesAreRestartedOneAfterTheOther() throws Exception {
        var a = instance();
        var b = instance();
        var load = new Load(upstreams(a.address() + "," + b.address(), "circuit-open", "PT0.1S"));
        load.await(200);

        for (var old : List.of(a, b)) {
            old.stop();
            load.await(200);
            var renewed = new Instance(old.port());
            open.add(renewed);
            while (renewed.reads.get() == 0) {
                load.await(1);
            }
        }
        load.end();
    }

    @Test
    void sendsAMutationElsewhereOnlyWhenNobodyTookIt() throws IOException {
        var live = instance();
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        var upstreams = upstreams("127.0.0.1:" + closed + "," + live.address());

        for (var i = 0; i < 20; i++) {
            mutate(upstreams);
        }

        assertThat(live.mutations).hasValue(20);
    }

    @Test
    void doesNotSendAMutationTwiceWhenItsConnectionBreaks() {
        var a = instance();
        var b = instance();
        a.diesOnCall = true;
        b.diesOnCall = true;
        var upstreams = upstreams(a.address() + "," + b.address());

        assertUnavailable(() -> mutate(upstreams));

        assertThat(a.mutations.get() + b.mutations.get()).isEqualTo(1);
    }

    @Test
    void readsOnElsewhereWhenAConnectionBreaks() {
        var a = instance();
        var b = instance();
        a.diesOnCall = true;
        var upstreams = upstreams(a.address() + "," + b.address());

        read(upstreams);
        read(upstreams);

        assertThat(a.reads).hasValue(1);
        assertThat(b.reads).hasValue(2);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "3,3"})
    void triesNoMoreOftenThanItMay(int attemptsMax, int attempts) {
        var instances = List.of(instance(), instance(), instance(), instance());
        instances.forEach(instance -> instance.diesOnCall = true);
        var upstreams = upstreams(
                String.join(",", instances.stream().map(Instance::address).toList()),
                "attempts-max",
                Integer.toString(attemptsMax));

        assertUnavailable(() -> read(upstreams));

        assertThat(instances.stream().mapToInt(instance -> instance.reads.get()).sum())
                .isEqualTo(attempts);
    }

    @Test
    void leavesOutAnAddressThatFailsWithoutConnectingToItUntilItIsBack() throws Exception {
        var connections = new AtomicInteger();
        var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var refusing = Thread.ofVirtual().start(() -> {
            while (!socket.isClosed()) {
                try (var _ = socket.accept()) {
                    connections.incrementAndGet();
                } catch (IOException _) {
                    return;
                }
            }
        });
        var upstreams = upstreams("127.0.0.1:" + socket.getLocalPort(), "circuit-open", "PT3S");

        var before = -1;
        while (connections.get() != before) {
            before = connections.get();
            assertUnavailable(() -> mutate(upstreams));
        }
        for (var i = 0; i < 100; i++) {
            assertUnavailable(() -> read(upstreams));
        }
        assertThat(connections).hasValueLessThanOrEqualTo(before + 3);

        socket.close();
        refusing.join();
        open.add(new Instance(socket.getLocalPort()));
        var recovered = false;
        while (!recovered) {
            try {
                read(upstreams);
                recovered = true;
            } catch (FailureException e) {
                assertThat(e.failure().reason()).isEqualTo("UPSTREAM_UNAVAILABLE");
            }
        }
        mutate(upstreams);
    }

    /// What a service says to a call that it never answers.
    private static String silence(Upstreams upstreams, Duration timeout) {
        var silent = GetDocumentRequest.newBuilder().setId(Instance.SILENT).build();
        return catchThrowableOfType(FailureException.class, () -> call(upstreams, "GetDocument", silent, timeout))
                .failure()
                .reason();
    }

    @Test
    void silenceAfterAWholeRequestCountsAgainstAnAddress() {
        var a = instance();
        var upstreams = upstreams(a.address(), "silence-counted", "PT0.1S", "circuit-failures", "1");

        var told = new ArrayList<String>();
        for (var i = 0; i < 50 && !told.contains("UPSTREAM_UNAVAILABLE"); i++) {
            told.add(silence(upstreams, LONGER_THAN_SILENCE));
        }

        assertThat(told).startsWith("DEADLINE_EXCEEDED").endsWith("UPSTREAM_UNAVAILABLE");
        assertUnavailable(() -> read(upstreams));
    }

    @Test
    void shortTimesThatClientsAskForDoNotCountAgainstAnAddress() {
        var a = instance();
        var upstreams = upstreams(a.address(), "circuit-failures", "1");

        for (var i = 0; i < 20; i++) {
            assertThat(silence(upstreams, Duration.ofMillis(20))).isEqualTo("DEADLINE_EXCEEDED");
        }

        read(upstreams);
    }

    @Test
    void requestsThatClientsLeaveUnfinishedDoNotCountAgainstAnAddress() {
        var a = instance();
        // What may be sent again is sent when it is whole, so only what is sent once can be left unfinished.
        var upstreams =
                upstreams(a.address(), "silence-counted", "PT0.1S", "circuit-failures", "1", "attempts-max", "1");
        read(upstreams);

        for (var i = 0; i < 5; i++) {
            try (var unfinished = upstreams.call(headers("GetDocument"), LONGER_THAN_SILENCE, _ -> {})) {
                unfinished.send(GetDocumentRequest.getDefaultInstance().toByteArray());
                assertThatThrownBy(unfinished::receive)
                        .isInstanceOfSatisfying(
                                FailureException.class,
                                e -> assertThat(e.failure().reason()).isEqualTo("DEADLINE_EXCEEDED"));
            }
        }

        read(upstreams);
    }

    @Test
    void aGatewayThatSaysTheServiceIsNotThereIsTriedAgainAsTheServiceIs() {
        var hits = new AtomicInteger();
        try (var gateway = Server.builder()
                .http(0)
                .serviceUnder("/", (_, _) -> {
                    hits.incrementAndGet();
                    return HttpResponse.of(503);
                })
                .build()) {
            gateway.start().join();
            var upstreams = upstreams("127.0.0.1:" + gateway.activeLocalPort(), "circuit-failures", "100");

            var answer = upstreams
                    .unary(headers("GetDocument").toBuilder(), new byte[0], Duration.ofSeconds(20), _ -> {})
                    .answer();

            assertThatThrownBy(answer::join)
                    .hasCauseInstanceOf(FailureException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            FailureException.class,
                            e -> assertThat(e.failure().reason()).isEqualTo("UPSTREAM_UNAVAILABLE"));
            assertThat(hits).hasValue(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.1:1,", "127.0.0.1:0x1", ":1", ""})
    void refusesWhatIsNoAddress(String address) {
        assertThatThrownBy(() -> upstreams(address)).isInstanceOf(IllegalArgumentException.class);
    }
}
