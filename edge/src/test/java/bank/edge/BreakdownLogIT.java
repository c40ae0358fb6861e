package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.platform.grpc.Channels;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// The words of a breakdown, which no client is told, are in the log, once for each request.
class BreakdownLogIT {
    private static final Logger LOG = (Logger) LoggerFactory.getLogger("bank.edge.upstream.Attempts");
    private static final ListAppender<ILoggingEvent> LINES = new ListAppender<>() {
        @Override
        protected void append(ILoggingEvent event) {
            // Takes hold of the request's id, which is that of the thread.
            event.prepareForDeferredProcessing();
            super.append(event);
        }
    };

    private static TestLibrary library;
    private static TestBank bank;

    @BeforeAll
    static void start() throws IOException {
        LINES.start();
        LOG.addAppender(LINES);
        LOG.setAdditive(false);
        library = new TestLibrary();
        bank = new TestBank(library.settings());
    }

    @AfterAll
    static void stop() {
        bank.close();
        library.close();
        LOG.setAdditive(true);
        LOG.detachAppender(LINES);
    }

    @BeforeEach
    void forget() {
        LINES.list.clear();
    }

    private static void assertLogged(String requestId, String line) {
        assertThat(LINES.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            assertThat(event.getFormattedMessage()).isEqualTo(line);
            assertThat(event.getMDCPropertyMap()).containsEntry("request_id", requestId);
        });
    }

    @Test
    void ofACallInJson() {
        var answer = bank.send(bank.request("/library/shelves/1/books/broken").header("X-Request-Id", "json-1"));

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("shelf-7");
        assertLogged(
                "json-1",
                "/library.Library/GetBook broke down at " + library.address()
                        + ": INTERNAL shelf-7.internal said: out of order");
    }

    @Test
    void ofACallOverGrpc() {
        var channel = Channels.open("127.0.0.1:" + bank.edge.port());
        var headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + bank.tokens.client());
        headers.put(Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER), "grpc-1");
        var request = TestLibrary.message("library.GetBookRequest");
        var name = request.getDescriptorForType().findFieldByName("name");
        try {
            assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(
                            ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
                            TestLibrary.rpc("GetBook"),
                            CallOptions.DEFAULT,
                            request.setField(name, "shelves/1/books/broken").build()))
                    .isInstanceOf(StatusRuntimeException.class);
        } finally {
            channel.shutdownNow();
        }
        assertLogged(
                "grpc-1",
                "/library.Library/GetBook broke down at " + library.address()
                        + ": INTERNAL shelf-7.internal said: out of order");
    }

    @Test
    void ofAStreamThatHasBegun() {
        var answer = bank.send(bank.request("/library/shelves/1/books:watch?count=3&fail_before=2")
                .header("X-Request-Id", "stream-1"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("@error").doesNotContain("worm");
        assertLogged(
                "stream-1",
                "/library.Library/WatchBooks broke down at " + library.address() + ": DATA_LOSS worm-eaten");
    }

    @Test
    void withoutLinesOfTheirOwn() {
        bank.get("/library/shelves/1/books/forged");

        assertThat(LINES.list)
                .singleElement()
                .extracting(ILoggingEvent::getFormattedMessage)
                .asString()
                .endsWith(": UNKNOWN gone\\n23:59:59 ERROR forged \\u{1b}[31m" + "x".repeat(268) + "…");
    }

    @Test
    void butNotOfARefusal() {
        assertThat(bank.get("/library/shelves/1/books/missing").statusCode()).isEqualTo(404);
        assertThat(bank.get("/v1/abs/documents/404").statusCode()).isEqualTo(404);
        assertThat(LINES.list).isEmpty();
    }
}
