package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.Eventually;
import bank.testing.ExpectedLog;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.SessionProtocol;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Streams that end otherwise than well, and streams that wait.
@ParameterizedClass
@EnumSource(
        value = SessionProtocol.class,
        names = {"H1C", "H2C"})
class StreamEndsIT {
    // Listens until the servers have stopped.
    @RegisterExtension
    @Order(1)
    static final ExpectedLog unread = ExpectedLog.ofAnswersLeftUnread();

    @RegisterExtension
    @Order(2)
    static final ExpectedLog log = new ExpectedLog("WARN UpstreamCall call broke off: ");

    /// More than the edge has connections to a service.
    private static final int SLOW_READERS = 8;

    /// What lies in windows and socket buffers, between a sender and a reader who does not read.
    private static final long AHEAD_BYTES_MAX = 12 << 20;

    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    @RegisterExtension
    static final LibraryEdge edge = new LibraryEdge();

    @Parameter
    SessionProtocol protocol;

    @AutoClose
    private StreamClient client;

    @BeforeEach
    void open() {
        client = edge.client(protocol);
    }

    private StreamClient.Open watch(String query) {
        return client.opened(client.headers(HttpMethod.GET, "/library/shelves/silent/books:watch?" + query)
                .set(HttpHeaderNames.ACCEPT, StreamClient.LINES));
    }

    private StreamClient.Open post(String path) {
        return client.open(client.headers(HttpMethod.POST, path)
                .set(HttpHeaderNames.CONTENT_TYPE, StreamClient.LINES)
                .set(HttpHeaderNames.ACCEPT, StreamClient.LINES + ", application/json"));
    }

    private static void assertCancelled(String rpc) throws InterruptedException {
        assertThat(edge.library.cancelled.poll(10, TimeUnit.SECONDS)).isEqualTo(rpc);
    }

    private static void assertSteady(String what, AtomicLong bytes, long most) {
        var last = new AtomicLong(-1);
        var since = new AtomicLong(System.nanoTime());
        Eventually.holds(what, Duration.ofSeconds(20), () -> {
            long now = bytes.get();
            if (last.getAndSet(now) != now || now == 0) {
                since.set(System.nanoTime());
            }
            return System.nanoTime() - since.get() > QUIET_NANOS;
        });
        assertThat(bytes.get()).isLessThan(most);
    }

    @Test
    void cancelsTheServiceWhenAReaderGoesAway() throws InterruptedException {
        var silent = watch("count=1");
        assertThat(silent.line()).contains("books/1");
        silent.leave();
        assertCancelled("WatchBooks");
        var busy = watch("count=1000000&length=1000");
        assertThat(busy.line()).contains("books/1");
        busy.leave();
        assertCancelled("WatchBooks");
        var early = watch("count=0");
        Eventually.holds("the service is called", Duration.ofSeconds(5), () -> edge.library.calls.size() == 3);
        early.leave();
        assertCancelled("WatchBooks");
    }

    @Test
    void cancelsTheServiceWhenAReaderStopsAndThenCloses() throws Exception {
        try (var socket = new Socket("127.0.0.1", edge.port())) {
            socket.getOutputStream()
                    .write(("GET /library/shelves/1/books:watch?count=1000000&length=10000 HTTP/1.1\r\nHost: a\r\n"
                                    + "Authorization: Bearer " + edge.bank.tokens.client() + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readNBytes(1000)).hasSize(1000);
            assertSteady("the service stops to send", edge.library.sentBytes, AHEAD_BYTES_MAX);
            assertThat(edge.library.cancelled).isEmpty();
        }
        assertCancelled("WatchBooks");
    }

    @ParameterizedTest
    @CsvSource({"/library/shelves/1/books:import, ImportBooks", "/library/books:exchange, ExchangeBooks"})
    void cancelsTheServiceWhenAWriterGoesAway(String path, String rpc) throws InterruptedException {
        var open = post(path);
        open.write("{}\n{\"title\":");
        Eventually.holds("a line has come", Duration.ofSeconds(5), () -> edge.library.calls.size() == 1);
        open.leave();
        assertCancelled(rpc);
    }

    @Test
    void cancelsTheServiceWhenABodyEndsShort() throws Exception {
        try (var socket = new Socket("127.0.0.1", edge.port())) {
            socket.getOutputStream()
                    .write(("POST /library/shelves/1/books:import HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n"
                                    + "Content-Type: application/x-ndjson\r\nAuthorization: Bearer "
                                    + edge.bank.tokens.client() + "\r\n\r\n{}\n{}\n")
                            .getBytes(StandardCharsets.US_ASCII));
            Eventually.holds(
                    "the lines have come", Duration.ofSeconds(5), () -> edge.library.receivedMessages.get() == 2);
        }
        assertCancelled("ImportBooks");
    }

    @Test
    void tellsThatTheServiceWentAway() throws IOException {
        var other = new TestLibrary();
        try (var bank = new TestBank(other.settings());
                var reader = new StreamClient(bank, protocol)) {
            var open = reader.opened(reader.headers(HttpMethod.GET, "/library/shelves/silent/books:watch?count=1")
                    .set(HttpHeaderNames.ACCEPT, StreamClient.LINES));
            assertThat(open.line()).contains("books/1");
            var both = reader.open(reader.headers(HttpMethod.POST, "/library/books:exchange")
                    .set(HttpHeaderNames.CONTENT_TYPE, StreamClient.LINES)
                    .set(HttpHeaderNames.ACCEPT, StreamClient.LINES));
            both.write("{}\n");
            assertThat(both.line()).isEqualTo("{}\n");
            other.close();
            assertThat(open.line()).startsWith("{\"@error\":").contains("UPSTREAM_UNAVAILABLE", "\"status\":503");
            assertThat(open.line()).isEmpty();
            assertThat(both.line()).startsWith("{\"@error\":").contains("UPSTREAM_UNAVAILABLE");
            both.leave();
        }
    }

    @Test
    void letsASlowReaderHoldTheServiceBackAndNobodyElse() throws InterruptedException {
        var slow = new ArrayList<StreamClient.Open>();
        for (int i = 0; i < SLOW_READERS; i++) {
            slow.add(watch("count=100000&length=10000"));
        }
        slow.forEach(reader -> assertThat(reader.line()).contains("books/1\""));
        assertSteady("the service stops to send", edge.library.sentBytes, SLOW_READERS * AHEAD_BYTES_MAX);
        for (int i = 0; i < SLOW_READERS; i++) {
            assertThat(client.get("/library/shelves/1/books:watch?count=100&length=10000", StreamClient.LINES)
                            .contentUtf8())
                    .hasLineCount(100);
        }
        slow.forEach(reader -> assertThat(reader.line()).contains("books/2\""));
        slow.forEach(StreamClient.Open::leave);
        for (int i = 0; i < SLOW_READERS; i++) {
            assertCancelled("WatchBooks");
        }
    }

    @Test
    void letsASlowServiceHoldTheWriterBack() throws Exception {
        edge.library.hold();
        var open = post("/library/shelves/1/books:import");
        byte[] line = ("{\"title\":\"" + "x".repeat(10_000) + "\"}\n").getBytes(StandardCharsets.US_ASCII);
        var written = new AtomicLong();
        long lines = 5_000;
        var writer = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < lines && open.push(line); i++) {
                written.addAndGet(line.length);
            }
            open.endBody();
        });
        assertSteady("the client stops to write", written, AHEAD_BYTES_MAX);
        edge.library.release();
        assertThat(open.line()).startsWith("{\"count\":\"" + lines + "\"");
        writer.join();
    }
}
