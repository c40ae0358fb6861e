package bank.edge;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.edge.upstream.Upstreams;
import bank.platform.grpc.Channels;
import bank.testing.ExpectedLog;
import bank.v1.DocumentServiceGrpc;
import bank.v1.UploadDocumentRequest;
import bank.v1.UploadDocumentResponse;
import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.linecorp.armeria.common.SessionProtocol;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Client streams have the same limits over gRPC as over HTTP.
class StreamLimitsIT {
    private static final int STREAM_MAX = 10_000_000;
    private static final int UPLOAD_MAX = 100_000;
    private static final String IMPORT = "/library.Library/ImportBooks";

    @RegisterExtension
    @Order(1)
    static final ExpectedLog log = new ExpectedLog("call broke off: ", "DefaultUnloggedExceptionsReporter");

    @RegisterExtension
    @Order(2)
    static final LibraryEdge edge = new LibraryEdge(Map.of(
            "bank.edge.stream-bytes-max", Integer.toString(STREAM_MAX),
            "bank.edge.upload-bytes-max", Integer.toString(UPLOAD_MAX)));

    private static ManagedChannel connection;
    private static Channel channel;

    @BeforeAll
    static void start() {
        connection = Channels.open("127.0.0.1:" + edge.port());
        var metadata = new Metadata();
        metadata.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + edge.bank.tokens.client());
        channel = ClientInterceptors.intercept(connection, MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    @AfterAll
    static void stop() {
        connection.shutdownNow();
    }

    private static <Q, A> A send(MethodDescriptor<Q, A> rpc, Iterable<Q> messages) {
        var answer = new CompletableFuture<A>();
        var out = ClientCalls.asyncClientStreamingCall(
                channel.newCall(rpc, CallOptions.DEFAULT), new StreamObserver<A>() {
                    @Override
                    public void onNext(A message) {
                        answer.complete(message);
                    }

                    @Override
                    public void onError(Throwable cause) {
                        answer.completeExceptionally(cause);
                    }

                    @Override
                    public void onCompleted() {}
                });
        messages.forEach(out::onNext);
        out.onCompleted();
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw (RuntimeException) e.getCause();
        }
    }

    /// Imports books of so many bytes each.
    private static Message imports(int... lengths) {
        return send(
                TestLibrary.rpc("ImportBooks"),
                Arrays.stream(lengths).mapToObj(StreamLimitsIT::request).toList());
    }

    private static DynamicMessage request(int length) {
        var request = TestLibrary.message("library.CreateBookRequest");
        return request.setField(request.getDescriptorForType().findFieldByName("parent"), "x".repeat(length))
                .build();
    }

    private static int importsOverHttp(int... lengths) {
        var body = new StringBuilder();
        Arrays.stream(lengths)
                .forEach(length ->
                        body.append("{\"title\":\"").append("x".repeat(length)).append("\"}\n"));
        try (var client = edge.client(SessionProtocol.H2C)) {
            return client.post("/library/shelves/1/books:import", StreamClient.LINES, body.toString())
                    .status()
                    .code();
        }
    }

    @Test
    void aLongStreamIsRefused() {
        assertThat(imports(4_000_000, 4_000_000, 1_900_000).toString()).contains("count: 3");
        assertThatCall(() -> imports(4_000_000, 4_000_000, 2_000_000))
                .fails(Status.Code.RESOURCE_EXHAUSTED, "CONTENT_TOO_LARGE");

        var lines = new int[11];
        Arrays.fill(lines, 1_000_000);
        assertThat(importsOverHttp(1_000_000)).isEqualTo(200);
        assertThat(importsOverHttp(lines)).isEqualTo(413);
    }

    @Test
    void aLongMessageIsRefused() {
        // Five bytes are its field's name and length.
        assertThat(imports(Upstreams.MESSAGE_BYTES_MAX - 5).toString()).contains("count: 1");
        assertThatCall(() -> imports(1, Upstreams.MESSAGE_BYTES_MAX - 4))
                .fails(Status.Code.RESOURCE_EXHAUSTED, "CONTENT_TOO_LARGE");

        assertThat(importsOverHttp(1, 1_100_000)).isEqualTo(413);
    }

    @Test
    void aLongUploadIsRefused() {
        assertThat(uploads(60_000)).isEqualTo(60_000);
        assertThatCall(() -> uploads(60_000, 60_000)).fails(Status.Code.RESOURCE_EXHAUSTED, "CONTENT_TOO_LARGE");

        assertThat(edge.bank
                        .send(edge.bank
                                .request("/v1/dbo/documents?file_name=a.pdf&description=a&category=1")
                                .header("Content-Type", "application/pdf")
                                .POST(BodyPublishers.ofByteArray(new byte[120_000])))
                        .statusCode())
                .isEqualTo(413);
    }

    private static long uploads(int... chunks) {
        UploadDocumentResponse answer = send(
                DocumentServiceGrpc.getUploadDocumentMethod(),
                Arrays.stream(chunks)
                        .mapToObj(length -> UploadDocumentRequest.newBuilder()
                                .setChunk(ByteString.copyFrom(new byte[length]))
                                .build())
                        .toList());
        return answer.getSizeBytes();
    }

    @ParameterizedTest
    @CsvSource({
        "application/grpc-web, AAAAAAMKAWE=, 0",
        "application/grpc-web, AAAAAAMKAQ==, 3",
        "application/grpc-web, AAAA, 3",
        "application/grpc-web-text, AAAAAAMKAWE=, 0",
        "application/grpc-web-text, AAAAAAMKAWE=AAAAAAA=, 0",
        "application/grpc-web-text, AAAAAAMKAWE=AA, 3",
        "application/grpc-web-text, AAAAAAMKAWE, 3",
        "application/grpc-web-text, AAAAAAMKA???, 3",
    })
    void aStreamOverGrpcWebIsWholeAtItsEnd(String mediaType, String body, String status) throws Exception {
        byte[] bytes = mediaType.endsWith("text")
                ? body.getBytes(StandardCharsets.US_ASCII)
                : Base64.getDecoder().decode(body);
        HttpResponse<String> answer = edge.bank.send(
                edge.bank.request(IMPORT).header("Content-Type", mediaType).POST(BodyPublishers.ofByteArray(bytes)));

        String trailers = answer.headers()
                .firstValue("grpc-status")
                .map(code -> "grpc-status: " + code)
                .orElseGet(() -> mediaType.endsWith("text") ? decoded(answer.body()) : answer.body());
        assertThat(trailers).contains("grpc-status: " + status);
    }

    private static String decoded(String body) {
        var text = new StringBuilder();
        for (int i = 0; i < body.length(); i += 4) {
            text.append(new String(Base64.getDecoder().decode(body.substring(i, i + 4)), StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }
}
