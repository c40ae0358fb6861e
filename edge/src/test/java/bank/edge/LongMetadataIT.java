package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Channels;
import com.google.protobuf.DynamicMessage;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a client sends along is refused before the call when its service, a gRPC server as it comes, would not take it.
class LongMetadataIT {
    private static final String BOOK = "/library/shelves/1/books/2";
    private static final String LANGUAGE = "accept-language";
    private static final String TAKEN = "taken";
    private static final String REFUSED = "HEADERS_TOO_LARGE";

    @RegisterExtension
    static final LibraryEdge edge = new LibraryEdge(Map.of("bank.edge.services.library.metadata", "true"));

    private ManagedChannel channel;

    @BeforeEach
    void connect() {
        channel = Channels.open("127.0.0.1:" + edge.port());
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    /// Each length up to one is taken by the service, and each beyond refused before it.
    private static void assertBounded(IntFunction<String> answer) {
        int taken = 4_000;
        int refused = 8_192;
        assertThat(answer.apply(taken)).isEqualTo(TAKEN);
        assertThat(answer.apply(refused)).isEqualTo(REFUSED);
        while (refused - taken > 1) {
            edge.library.forget();
            int length = (taken + refused) / 2;
            String told = answer.apply(length);
            assertThat(told).isIn(TAKEN, REFUSED);
            assertThat(edge.library.calls.size()).isEqualTo(told.equals(TAKEN) ? 1 : 0);
            if (told.equals(TAKEN)) {
                taken = length;
            } else {
                refused = length;
            }
        }
    }

    private static String overHttp(String name, String... values) {
        var request = edge.bank.request(BOOK);
        for (String value : values) {
            request.header(name, value);
        }
        var answer = edge.bank.send(request);
        if (answer.statusCode() == 200) {
            return TAKEN;
        }
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(431);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("\"reason\":\"HEADERS_TOO_LARGE\"", "\"code\":\"RESOURCE_EXHAUSTED\"");
        return REFUSED;
    }

    private String overGrpc(int length) {
        var metadata = new Metadata();
        metadata.put(key("authorization"), "Bearer " + edge.bank.tokens.client());
        metadata.put(key(LANGUAGE), "x".repeat(length));
        var request = TestLibrary.message("library.GetBookRequest");
        try {
            DynamicMessage _ = ClientCalls.blockingUnaryCall(
                    ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata)),
                    TestLibrary.rpc("GetBook"),
                    CallOptions.DEFAULT,
                    request.setField(request.getDescriptorForType().findFieldByName("name"), "shelves/1/books/2")
                            .build());
            return TAKEN;
        } catch (StatusRuntimeException e) {
            return reason(e);
        }
    }

    private static String reason(StatusRuntimeException e) {
        try {
            assertThat(e.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.RESOURCE_EXHAUSTED);
            return StatusProto.fromThrowable(e)
                    .getDetails(0)
                    .unpack(ErrorInfo.class)
                    .getReason();
        } catch (com.google.protobuf.InvalidProtocolBufferException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    @Test
    void isRefusedOverHttp() {
        assertBounded(length -> overHttp(LANGUAGE, "x".repeat(length)));
    }

    @Test
    void isRefusedOverGrpc() {
        assertBounded(this::overGrpc);
    }

    @Test
    void countsEachValueOfANameWithItsName() {
        var few = new String[50];
        java.util.Arrays.fill(few, "x");
        var many = new String[200];
        java.util.Arrays.fill(many, "x");

        assertThat(overHttp("Grpc-Metadata-Colour", few)).isEqualTo(TAKEN);
        assertThat(overHttp("Grpc-Metadata-Colour", many)).isEqualTo(REFUSED);
    }

    @Test
    void leavesHeadersOutThatDoNotGoAlong() {
        assertThat(overHttp("x-other", "x".repeat(9_000))).isEqualTo(TAKEN);
    }

    @Test
    void isRefusedWhenAHeaderThatMayComeOnceCameTwice() {
        var answer = edge.bank.send(
                edge.bank.request(BOOK).header("Idempotency-Key", "a").header("Idempotency-Key", "b"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"reason\":\"INVALID_HEADER\"", "idempotency-key");
        assertThat(edge.library.calls).isEmpty();
    }
}
