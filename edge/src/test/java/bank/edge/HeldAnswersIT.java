package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.Eventually;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.Server;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Long answers of a service that is slow to give them take no more memory than they may, from their first bytes on.
class HeldAnswersIT {
    private static final int ANNOUNCED_BYTES = 8 * 1024 * 1024;
    private static final int LONG_BYTES = 100_000;

    // So many fill the room.
    private static final int SILENT = 2;
    private static final String BOOK = "/library/shelves/1/books/2";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SILENCE = Duration.ofMillis(300);

    /// How many long answers the service began.
    private static final AtomicInteger announced = new AtomicInteger();

    private static Server service;
    private static TestBank bank;

    @BeforeAll
    static void start() {
        service = Server.builder()
                .http(0)
                .requestTimeoutMillis(0)
                .serviceUnder("/", (ctx, _) -> answer(ctx.path()))
                .build();
        service.start().join();
        bank = new TestBank(Map.of(
                "bank.edge.held-bytes-max",
                "16777216",
                "bank.edge.upstream.attempts-max",
                "1",
                "bank.edge.services.library.descriptors",
                TestLibrary.descriptors().toString(),
                "bank.edge.services.library.address",
                "127.0.0.1:" + service.activeLocalPort()));
    }

    @AfterAll
    static void stop() {
        bank.close();
        service.stop().join();
    }

    /// To a change the long answer it has; to a removal a short one; else the beginning of a long one, and no more.
    private static HttpResponse answer(String path) {
        HttpResponseWriter out = HttpResponse.streaming();
        out.write(ResponseHeaders.builder(200)
                .set("content-type", "application/grpc")
                .build());
        int length = path.endsWith("/CreateBook") ? LONG_BYTES : path.endsWith("/DeleteBook") ? 0 : ANNOUNCED_BYTES;
        out.write(HttpData.wrap(ByteBuffer.allocate(5).putInt(1, length).array()));
        if (length < ANNOUNCED_BYTES) {
            out.write(HttpData.wrap(title(length)));
            out.write(HttpHeaders.of("grpc-status", "0"));
            out.close();
        } else {
            announced.incrementAndGet();
        }
        return out;
    }

    /// A book of so many bytes.
    private static byte[] title(int length) {
        if (length == 0) {
            return new byte[0];
        }
        var book = TestLibrary.message("library.Book");
        book.setField(book.getDescriptorForType().findFieldByName("title"), "x".repeat(length - 4));
        byte[] bytes = book.build().toByteArray();
        assertThat(bytes).hasSize(length);
        return bytes;
    }

    /// Asks for what does not come to its end, and waits until its beginning is there.
    private static RawHttp ask(String path) throws Exception {
        int before = announced.get();
        var client = new RawHttp(bank.edge.port());
        client.send("GET " + path + " HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer " + bank.tokens.client()
                + "\r\n\r\n");
        Eventually.holds("the answer has begun", PATIENCE, () -> announced.get() > before);
        return client;
    }

    /// Asks until the room is full. Some may be refused at first, for what others held is given back a little later.
    private static List<RawHttp> fill(String path) throws Exception {
        var silent = new ArrayList<RawHttp>();
        Eventually.holds("the room is full", PATIENCE, () -> {
            var client = ask(path);
            if (client.isSilentFor(SILENCE)) {
                silent.add(client);
            } else {
                client.close();
            }
            return silent.size() == SILENT;
        });
        return silent;
    }

    private static void assertRefused(String path) throws Exception {
        try (var client = ask(path)) {
            var answer = client.receive();
            assertThat(answer).isNotNull();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).contains("OVERLOADED");
        }
    }

    private static void close(List<RawHttp> clients) throws IOException {
        for (RawHttp client : clients) {
            client.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                BOOK,
                BOOK + "/cover",
                BOOK + "/binding",
                BOOK + ":title",
                "/library/shelves/1/text",
                "/library/shelves/1/books:watch"
            })
    void longOnesAreRefusedWhileOthersFillTheRoom(String path) throws Exception {
        List<RawHttp> clients = fill(path);
        try {
            assertRefused(path);
            assertThat(bank.send(bank.request(BOOK).DELETE()).statusCode()).isEqualTo(200);
        } finally {
            close(clients);
        }

        close(fill(path));
    }

    @Test
    void whatWasChangedIsToldThoughThereIsNoRoom() throws Exception {
        List<RawHttp> clients = fill(BOOK);
        try {
            var changed = bank.send(bank.request("/library/shelves/1/books")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{}")));
            assertThat(changed.statusCode()).isEqualTo(200);
            assertThat(changed.body()).hasSizeGreaterThan(LONG_BYTES);
            assertRefused(BOOK);
        } finally {
            close(clients);
        }
    }
}
