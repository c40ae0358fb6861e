package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Channels;
import bank.platform.grpc.Headers;
import bank.testing.ExpectedLog;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that go away in the midst of a call of one message each way.
class LostClientsIT {
    private static final String SILENT = "/library/shelves/1/books/silent";

    @RegisterExtension
    @Order(1)
    static final ExpectedLog log = new ExpectedLog("call broke off: ", "DefaultUnloggedExceptionsReporter");

    @RegisterExtension
    static final LibraryEdge edge = new LibraryEdge();

    private static String head(String method, String path) {
        return method + " " + path + " HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer " + edge.bank.tokens.client()
                + "\r\n";
    }

    private static Metadata next() throws InterruptedException {
        return Objects.requireNonNull(edge.library.calls.poll(10, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"title\":\"a\"}"})
    void makeNoCallByABodyThatEndsShort(String begin) throws Exception {
        try (var client = new RawHttp(edge.port())) {
            client.send(head("POST", "/library/shelves/1/books")
                    + "Content-Type: application/json\r\nIdempotency-Key: lost\r\nContent-Length: 50\r\n\r\n" + begin);
            client.end();
            var _ = client.receive();
        }

        assertThat(edge.bank
                        .json("POST", "/library/shelves/1/books", "{\"title\":\"b\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(next().containsKey(Headers.key(Headers.IDEMPOTENCY_KEY))).isFalse();
    }

    @Test
    void cancelACallMadeByJson() throws Exception {
        try (var client = new RawHttp(edge.port())) {
            client.send(head("GET", SILENT) + "\r\n");
            next();
        }

        assertThat(edge.library.cancelled.poll(10, TimeUnit.SECONDS)).isEqualTo("GetBook");
    }

    @Test
    void cancelACallMadeByGrpc() throws Exception {
        var channel = Channels.open("127.0.0.1:" + edge.port());
        try {
            var call = channel.newCall(TestLibrary.rpc("GetBook"), CallOptions.DEFAULT);
            var headers = new Metadata();
            headers.put(Headers.key(Headers.AUTHORIZATION), "Bearer " + edge.bank.tokens.client());
            var request = TestLibrary.message("library.GetBookRequest");
            call.start(new ClientCall.Listener<>() {}, headers);
            call.sendMessage(
                    request.setField(request.getDescriptorForType().findFieldByName("name"), "shelves/1/books/silent")
                            .build());
            call.halfClose();
            next();

            call.cancel("gone", null);

            assertThat(edge.library.cancelled.poll(10, TimeUnit.SECONDS)).isEqualTo("GetBook");
        } finally {
            channel.shutdownNow();
        }
    }
}
