package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Channels;
import bank.testing.Eventually;
import bank.testing.ExpectedLog;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Messages of all clients together take no more memory than they may.
class HeldBytesIT {
    private static final String BOOKS = "/library/shelves/1/books";
    private static final String LONG_BOOK = "{\"title\":\"" + "x".repeat(1_000_000) + "\"}";
    private static final int GREEDY_BYTES = 8_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String CREDENTIALS = "{\"email\":\"a@b.test\",\"password\":\"p\"}";
    private static final int BODIES_OF_CONNECTION = 250;

    // Each takes 4 KiB at least, so that 4,096 fill the room.
    private static final int CONNECTIONS = 18;

    @RegisterExtension
    @Order(1)
    static final ExpectedLog log = new ExpectedLog("call broke off: ", "DefaultUnloggedExceptionsReporter");

    @RegisterExtension
    @Order(2)
    static final LibraryEdge edge =
            new LibraryEdge(Map.of("bank.edge.held-bytes-max", "16777216", "bank.edge.json-bytes-max", "8388608"));

    private static void assertOverloaded(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("\"OVERLOADED\"");
        assertThat(answer.headers().firstValue("retry-after")).hasValue("1");
    }

    /// Sends a long body but for its last byte.
    private static RawHttp greedy() throws Exception {
        var client = new RawHttp(edge.port());
        client.send("POST " + BOOKS + " HTTP/1.1\r\nHost: edge\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer " + edge.bank.tokens.client() + "\r\nContent-Length: " + GREEDY_BYTES
                + "\r\n\r\n{\"title\":\"");
        client.send("y".repeat(GREEDY_BYTES - 12));
        return client;
    }

    private static int postsLongBook() throws Exception {
        return edge.bank.json("POST", BOOKS, LONG_BOOK).statusCode();
    }

    private static Status.Code callsWithLongBook() {
        var channel = Channels.open("127.0.0.1:" + edge.port());
        try {
            var signed = new Metadata();
            signed.put(
                    Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                    "Bearer " + edge.bank.tokens.client());
            var request = TestLibrary.message("library.CreateBookRequest");
            var book = request.getDescriptorForType().findFieldByName("book");
            request.setField(
                    book,
                    TestLibrary.message("library.Book")
                            .setField(book.getMessageType().findFieldByName("title"), "x".repeat(1_000_000))
                            .build());
            ClientCalls.blockingUnaryCall(
                    ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(signed)),
                    TestLibrary.rpc("CreateBook"),
                    CallOptions.DEFAULT,
                    request.build());
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getDescription()).contains("too many long messages");
            return e.getStatus().getCode();
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void longOnesAreRefusedWhileOthersFillTheRoom() throws Exception {
        try (var first = greedy();
                var _ = greedy()) {
            Eventually.holds("there is no room", PATIENCE, () -> postsLongBook() == 503);

            assertOverloaded(edge.bank.json("POST", BOOKS, LONG_BOOK));
            assertOverloaded(edge.bank.send(edge.bank
                    .request(BOOKS + "/2/cover")
                    .header("Content-Type", "image/png")
                    .PUT(BodyPublishers.ofByteArray(new byte[1_000_000]))));
            assertOverloaded(edge.bank.get(BOOKS + "/long"));
            assertThat(callsWithLongBook()).isEqualTo(Status.Code.UNAVAILABLE);

            assertThat(edge.bank.get(BOOKS + "/2").statusCode()).isEqualTo(200);
            assertThat(edge.bank.json("POST", BOOKS, "{\"title\":\"short\"}").statusCode())
                    .isEqualTo(200);
            first.send("\"}");
            assertThat(first.receive())
                    .isNotNull()
                    .extracting(RawHttp.Answer::status)
                    .isEqualTo(200);
        }

        Eventually.holds("there is room again", PATIENCE, () -> postsLongBook() == 200);
        assertThat(edge.bank.get(BOOKS + "/long").statusCode()).isEqualTo(200);
        assertThat(callsWithLongBook()).isEqualTo(Status.Code.OK);
    }

    /// Begins short bodies and ends none.
    private static void begin(RawHttp2 connection, String path, String mediaType) throws Exception {
        for (int i = 0; i < BODIES_OF_CONNECTION; i++) {
            int stream = 2 * i + 1;
            connection.headers(
                    RawHttp2.END_HEADERS,
                    stream,
                    ":method",
                    "POST",
                    ":scheme",
                    "http",
                    ":authority",
                    "edge",
                    ":path",
                    path,
                    "content-type",
                    mediaType);
            connection.send(RawHttp2.DATA, 0, stream, new byte[100]);
        }
    }

    private static int logsIn() {
        return edge.bank.json("POST", "/v1/auth/login", CREDENTIALS).statusCode();
    }

    private static boolean refusesAnUnfinishedBody() throws Exception {
        try (var client = new RawHttp(edge.port())) {
            client.send("POST /v1/auth/login HTTP/1.1\r\nHost: edge\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 100\r\n\r\n{");
            if (client.isSilentFor(Duration.ofMillis(100))) {
                return false;
            }
            var answer = client.receive();
            return answer != null && answer.status() == 503 && answer.body().contains("OVERLOADED");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/auth/login, application/json",
        "/token, application/x-www-form-urlencoded",
        "/bank.v1.AuthService/Login, application/grpc"
    })
    void thousandsOfUnfinishedShortBodiesFillTheRoom(String path, String mediaType) throws Exception {
        var connections = new ArrayList<RawHttp2>();
        try {
            // What others held may still be given back: more bodies take its place.
            Eventually.holds("there is no room", PATIENCE, () -> {
                connections.add(new RawHttp2(edge.port()));
                begin(connections.getLast(), path, mediaType);
                return connections.size() >= CONNECTIONS && refusesAnUnfinishedBody();
            });
            assertThat(logsIn()).isEqualTo(200);
        } finally {
            for (RawHttp2 connection : connections) {
                connection.close();
            }
        }

        Eventually.holds("there is room again", PATIENCE, () -> postsLongBook() == 200);
        assertThat(refusesAnUnfinishedBody()).isFalse();
    }
}
