package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.Eventually;
import bank.testing.ExpectedLog;
import bank.testing.ServiceProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Streams far larger than the memory of the edge they go through, which is a process of its own.
class LargeStreamIT {
    @RegisterExtension
    static final ExpectedLog unread = ExpectedLog.ofAnswersLeftUnread();

    private static final long SIZE = 1L << 30;
    private static final int PIECE = 1_000_000;
    private static final long PIECES = SIZE / PIECE + 1;

    /// What lies in windows and socket buffers, between a sender and a reader who does not read.
    private static final long AHEAD_BYTES_MAX = 12 << 20;

    /// The heap, and as much again for all that is not in it.
    private static final long MEMORY_BYTES_MAX = 512 << 20;

    private static TestLibrary library;
    private static TestBank bank;
    private static ServiceProcess edge;
    private static URI uri;
    private static HttpClient web;

    private long begun;

    @BeforeAll
    static void start() throws IOException {
        library = new TestLibrary();
        bank = new TestBank();
        edge = ServiceProcess.ofMain(Main.class)
                .heap("256m")
                .environment("BANK_EDGE_PORT", "0")
                .environment("BANK_EDGE_UPSTREAMS_IDENTITY", bank.services())
                .environment("BANK_EDGE_UPSTREAMS_DOCUMENT", bank.services())
                .environment("BANK_EDGE_UPSTREAMS_CONTRACT", bank.services())
                .environment("BANK_EDGE_UPSTREAMS_REGISTRY", bank.services())
                .environment("BANK_EDGE_TOKENS_ISSUER", TestTokens.ISSUER)
                .environment(
                        "BANK_EDGE_SERVICES_LIBRARY_DESCRIPTORS",
                        TestLibrary.descriptors().toString())
                .environment("BANK_EDGE_SERVICES_LIBRARY_ADDRESS", library.address())
                .start();
        String ready = edge.awaitLine(line -> line.startsWith("ready "), Duration.ofSeconds(60));
        uri = URI.create("http://" + ready.substring("ready ".length()));
        web = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    static void stop() {
        web.close();
        edge.close();
        bank.close();
        library.close();
    }

    @BeforeEach
    void begin() {
        library.cancelled.clear();
        library.sentBytes.set(0);
        begun = System.nanoTime();
    }

    @AfterEach
    void tell(TestInfo test) {
        System.out.printf(
                "%s at -Xmx256m: %.1f s, peak memory of the edge %d MiB%n",
                test.getDisplayName(), (System.nanoTime() - begun) / 1e9, edge.peakMemoryBytes() >> 20);
        assertThat(edge.peakMemoryBytes()).isLessThan(MEMORY_BYTES_MAX);
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri.resolve(path))
                .timeout(Duration.ofMinutes(5))
                .header("Authorization", "Bearer " + bank.tokens.client());
    }

    private static long download(HttpRequest.Builder request) throws Exception {
        var answer = web.send(request.build(), BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        long bytes = 0;
        var buffer = new byte[1 << 16];
        try (InputStream body = answer.body()) {
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                bytes += n;
            }
        }
        return bytes;
    }

    private static String upload(HttpRequest.Builder request, byte[] piece, long times) throws Exception {
        var answer = web.send(
                request.POST(BodyPublishers.ofInputStream(() -> new Repeated(piece, times)))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void oneGibibyteOfMessagesDown() throws Exception {
        long bytes = download(request("/library/shelves/1/books:watch?count=" + PIECES + "&length=" + PIECE)
                .header("Accept", "application/x-ndjson"));
        assertThat(bytes).isGreaterThan(SIZE);
        assertThat(library.sentBytes.get()).isGreaterThan(SIZE);
    }

    @Test
    void oneGibibyteOfBytesDown() throws Exception {
        long bytes = download(request("/library/shelves/1/text?count=" + PIECES + "&length=" + PIECE));
        assertThat(bytes).isEqualTo(PIECES * PIECE);
    }

    @Test
    void oneGibibyteOfMessagesUp() throws Exception {
        byte[] line = ("{\"title\":\"" + "x".repeat(PIECE) + "\"}\n").getBytes(StandardCharsets.US_ASCII);
        String answer = upload(
                request("/library/shelves/1/books:import").header("Content-Type", "application/x-ndjson"),
                line,
                PIECES);
        assertThat(answer).startsWith("{\"count\":\"" + PIECES + "\"");
    }

    @Test
    void oneGibibyteOfBytesUp() throws Exception {
        var piece = new byte[PIECE];
        Arrays.fill(piece, (byte) 'x');
        String answer =
                upload(request("/library/shelves/1/books/2/text").header("Content-Type", "text/plain"), piece, PIECES);
        assertThat(Long.parseLong(answer.replaceAll(".*\"bytes\":\"([0-9]+)\".*", "$1")))
                .isGreaterThan(PIECES * PIECE);
    }

    @Test
    void aSlowReaderHoldsTheServiceBack() throws Exception {
        try (var socket = new Socket("127.0.0.1", uri.getPort())) {
            socket.getOutputStream()
                    .write(("GET /library/shelves/1/books:watch?count=" + PIECES + "&length=" + PIECE
                                    + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                                    + bank.tokens.client() + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            long read = 0;
            for (int i = 0; i < 3; i++) {
                socket.getInputStream().skipNBytes(1 << 20);
                read += 1 << 20;
                awaitQuiet();
                assertThat(library.sentBytes.get()).isBetween(read, read + AHEAD_BYTES_MAX);
            }
            assertThat(edge.peakMemoryBytes()).isLessThan(MEMORY_BYTES_MAX);
        }
        assertThat(library.cancelled.poll(10, TimeUnit.SECONDS)).isEqualTo("WatchBooks");
    }

    /// Waits until the service has sent nothing for a while.
    private static void awaitQuiet() {
        var last = new AtomicLong(-1);
        var since = new AtomicLong(System.nanoTime());
        Eventually.holds("the service stops to send", Duration.ofSeconds(20), () -> {
            long now = library.sentBytes.get();
            if (last.getAndSet(now) != now) {
                since.set(System.nanoTime());
            }
            return System.nanoTime() - since.get() > TimeUnit.MILLISECONDS.toNanos(500);
        });
    }

    /// The same bytes over and over.
    private static final class Repeated extends InputStream {
        private final byte[] piece;
        private long left;
        private int at;

        Repeated(byte[] piece, long times) {
            this.piece = piece;
            this.left = piece.length * times;
        }

        @Override
        public int read() {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (left == 0) {
                return -1;
            }
            int n = (int) Math.min(left, Math.min(length, piece.length - at));
            System.arraycopy(piece, at, buffer, offset, n);
            at = (at + n) % piece.length;
            left -= n;
            return n;
        }
    }
}
