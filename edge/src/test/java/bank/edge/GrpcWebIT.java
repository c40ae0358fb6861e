package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.v1.Document;
import bank.v1.DownloadDocumentRequest;
import bank.v1.GetDocumentRequest;
import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GrpcWebIT {
    private static final String GET = "/bank.v1.DocumentReviewService/GetDocument";

    private static TestBank bank;

    private record Frame(boolean trailers, byte[] content) {}

    @BeforeAll
    static void start() {
        bank = new TestBank();
    }

    @AfterAll
    static void stop() {
        bank.close();
    }

    private static HttpResponse<byte[]> call(String path, String type, byte[] body) throws Exception {
        try (var web = HttpClient.newHttpClient()) {
            return web.send(
                    bank.request(path)
                            .header("Content-Type", type)
                            .POST(BodyPublishers.ofByteArray(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private static byte[] frame(Message message) {
        byte[] bytes = message.toByteArray();
        return ByteBuffer.allocate(5 + bytes.length)
                .put((byte) 0)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    private static List<Frame> frames(byte[] body) {
        var frames = new ArrayList<Frame>();
        var rest = ByteBuffer.wrap(body);
        while (rest.hasRemaining()) {
            boolean trailers = (rest.get() & 0x80) != 0;
            var content = new byte[rest.getInt()];
            rest.get(content);
            frames.add(new Frame(trailers, content));
        }
        return frames;
    }

    @Test
    void answersUnaryCallsWithTrailersInTheBody() throws Exception {
        var answer = call(
                GET,
                "application/grpc-web",
                frame(GetDocumentRequest.newBuilder().setId(789).build()));

        assertThat(answer.headers().firstValue("content-type")).hasValue("application/grpc-web+proto");
        var frames = frames(answer.body());
        assertThat(Document.parseFrom(frames.getFirst().content()).getId()).isEqualTo(789);
        assertThat(frames.getLast().trailers()).isTrue();
        assertThat(new String(frames.getLast().content(), StandardCharsets.US_ASCII))
                .contains("grpc-status: 0\r\n");
    }

    @Test
    void answersInBase64WhenAsked() throws Exception {
        byte[] request = Base64.getEncoder()
                .encode(frame(GetDocumentRequest.newBuilder().setId(789).build()));
        var answer = call(GET, "application/grpc-web-text", request);
        var decoded = new ByteArrayOutputStream();
        String text = new String(answer.body(), StandardCharsets.US_ASCII);
        for (int i = 0; i < text.length(); i += 4) {
            decoded.writeBytes(Base64.getDecoder().decode(text.substring(i, i + 4)));
        }

        var frames = frames(decoded.toByteArray());
        assertThat(Document.parseFrom(frames.getFirst().content()).getId()).isEqualTo(789);
        assertThat(frames.getLast().trailers()).isTrue();
    }

    @Test
    void answersServerStreams() throws Exception {
        var answer = call(
                "/bank.v1.DocumentService/DownloadDocument",
                "application/grpc-web+proto",
                frame(DownloadDocumentRequest.newBuilder().setId(5).build()));

        var content = ByteString.empty();
        for (Frame frame : frames(answer.body())) {
            if (!frame.trailers()) {
                content = content.concat(HttpBody.parseFrom(frame.content()).getData());
            }
        }
        assertThat(content.toByteArray()).isEqualTo(TestDocumentService.CONTENT);
    }

    @Test
    void tellsFailures() throws Exception {
        var answer = call(GET, "application/grpc-web", frame(GetDocumentRequest.getDefaultInstance()));

        assertThat(answer.headers().firstValue("grpc-status")).hasValue("3");
        assertThat(answer.headers().firstValue("grpc-status-details-bin")).isPresent();
    }
}
