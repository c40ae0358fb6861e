package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.standalone.Http.Reply;
import bank.testing.Eventually;
import bank.testing.TestDocuments;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A batch whose end comes late. The service has taken its first files in by then, contents and all; they
/// become documents only when the whole body has ended well.
class BatchTailIT {
    @RegisterExtension
    static final RunningBank bank = new RunningBank();

    private static final Duration SETTLED_MAX = Duration.ofSeconds(20);
    private static final byte[] PDF = TestDocuments.bytes("bank-statement.pdf");
    private static final byte[] PNG = TestDocuments.bytes("scan.png");
    private static final String WRONG_DIGEST =
            "Content-Digest: sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:\r\n";

    private Http http;
    private String client;
    private long clientId;
    private String employee;
    private Set<String> before;

    @BeforeEach
    void signIn() {
        http = new Http(bank.uri());
        var email = "tail-" + UUID.randomUUID() + "@example.com";
        http.json("POST", "/v1/auth/register", "", """
                        {"email":"%s","password":"Длинный пароль 42"}""".formatted(email)).expect(201);
        client = http.token(email, "Длинный пароль 42");
        clientId = http.get("/v1/users/me", client).json().at("/user/id").asLong();
        employee = http.token("employee@demo.test", RunningBank.PASSWORD);
        before = bank.contents();
    }

    @Test
    void tellsALastFileThatIsNotWhatItPromisesAndStoresTheOthers() throws IOException {
        try (var batch = begun(WRONG_DIGEST)) {
            batch.send(rest(PNG), Batch.CLOSING);
            var answer = batch.end().expect(200).json();

            assertThat(answer.path("processed_count").asInt()).isEqualTo(2);
            assertThat(answer.path("failed_count").asInt()).isEqualTo(1);
            assertThat(answer.at("/failures/0/index").asInt()).isEqualTo(2);
            assertThat(answer.at("/failures/0/reason").asText()).isEqualTo("DIGEST_MISMATCH");
            assertThat(answer.path("document_ids")).hasSize(2);
            assertThat(content(answer.at("/document_ids/0"))).isEqualTo(PDF);
            assertThat(content(answer.at("/document_ids/1"))).isEqualTo(PNG);
        }
        assertThat(listed()).hasSize(2);
        assertThat(found()).hasSize(2);
        assertThat(kept()).hasSize(2);
    }

    @Test
    void storesNothingWhenTheBodyEndsWithoutItsClosingBoundary() throws IOException {
        try (var batch = begun("")) {
            batch.send(rest(PNG));
            assertThat(batch.end().expect(400).reason()).isEqualTo("MALFORMED_MULTIPART");
        }
        nothingIsStored();
    }

    @Test
    void storesNothingWhenTheBodyBreaksOff() throws IOException {
        try (var batch = begun("")) {
            batch.send(rest(PNG));
        }
        nothingIsStored();
    }

    @Test
    void storesNothingWhenAPartThatNobodyKnowsComesLast() throws IOException {
        try (var batch = begun("")) {
            batch.send(rest(PNG), Batch.field("bogus"), "x".getBytes(StandardCharsets.US_ASCII), Batch.CLOSING);
            var refused = batch.end().expect(400);
            assertThat(refused.reason()).isEqualTo("INVALID_FIELD");
            assertThat(refused.json().at("/errors/0/field").asText()).isEqualTo("bogus");
        }
        nothingIsStored();
    }

    /// A batch of three files of which the server has taken in two, and of the third the beginning.
    ///
    /// @param header further header of the third file
    private Batch begun(String header) throws IOException {
        var batch = new Batch(bank.uri().getPort(), employee);
        batch.send(Batch.field("documents"), """
                [{"user_id":%1$d,"description":"1"},{"user_id":%1$d,"description":"2"},
                 {"user_id":%1$d,"description":"3"}]""".formatted(clientId).getBytes(StandardCharsets.UTF_8));
        batch.send(Batch.file("1.pdf", ""), PDF);
        batch.send(Batch.file("2.png", ""), PNG);
        batch.send(Batch.file("3.png", header), Arrays.copyOf(PNG, PNG.length / 2));
        Eventually.holds("the contents of two files are kept", SETTLED_MAX, () -> kept().size() == 2);
        assertThat(listed()).isEmpty();
        assertThat(found()).isEmpty();
        return batch;
    }

    /// Contents that were not there before.
    private Set<String> kept() {
        var kept = new HashSet<>(bank.contents());
        kept.removeAll(before);
        return kept;
    }

    private static byte[] rest(byte[] content) {
        return Arrays.copyOfRange(content, content.length / 2, content.length);
    }

    private void nothingIsStored() {
        Eventually.holds("the contents that were kept are gone", SETTLED_MAX, () -> kept().isEmpty());
        assertThat(listed()).isEmpty();
        assertThat(found()).isEmpty();
    }

    private JsonNode listed() {
        return http.get("/v1/dbo/users/" + clientId + "/documents", client)
                .expect(200)
                .json()
                .path("documents");
    }

    private JsonNode found() {
        return http.get("/v1/abs/documents?user_id=" + clientId, employee)
                .expect(200)
                .json()
                .path("results");
    }

    private byte[] content(JsonNode id) {
        return http.get("/v1/dbo/documents/" + id.asLong() + "/content", client)
                .expect(200)
                .body();
    }

    /// A multipart request sent piece by piece.
    private static final class Batch implements AutoCloseable {
        private static final String BOUNDARY = "tail";
        private static final byte[] CLOSING = ("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII);

        private final Socket socket;
        private final OutputStream out;

        Batch(int port, String token) throws IOException {
            socket = new Socket("127.0.0.1", port);
            socket.setSoTimeout((int) SETTLED_MAX.toMillis());
            out = socket.getOutputStream();
            out.write(("POST /v1/abs/documents/batch HTTP/1.1\r\nHost: bank\r\nConnection: close\r\n"
                            + "Authorization: Bearer " + token + "\r\nTransfer-Encoding: chunked\r\n"
                            + "Content-Type: multipart/form-data; boundary=" + BOUNDARY + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        }

        /// Boundary and header of a field.
        static byte[] field(String name) {
            return part("name=\"" + name + "\"", "");
        }

        /// Boundary and header of a file.
        ///
        /// @param header further lines of the header
        static byte[] file(String name, String header) {
            return part("name=\"files\"; filename=\"" + name + "\"", header);
        }

        private static byte[] part(String disposition, String header) {
            return ("\r\n--" + BOUNDARY + "\r\nContent-Disposition: form-data; " + disposition + "\r\n" + header
                            + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
        }

        /// Sends bytes of the body, as one chunk.
        void send(byte[]... pieces) throws IOException {
            var chunk = new ByteArrayOutputStream();
            for (var piece : pieces) {
                chunk.writeBytes(piece);
            }
            out.write((Integer.toHexString(chunk.size()) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            chunk.writeTo(out);
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }

        /// Ends the body and reads the answer.
        Reply end() throws IOException {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            var body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
            return new Reply(
                    Integer.parseInt(answer.split(" ", 3)[1]),
                    HttpHeaders.of(Map.of(), (name, value) -> true),
                    body.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
