package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.type.Date;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class UploadIT {
    private static final String PATH = "/v1/dbo/documents";
    private static final byte[] PDF = "%PDF-1.7 Договор".getBytes(StandardCharsets.UTF_8);
    private static final long UPLOAD_BYTES_MAX = 1L << 30;

    private static TestBank bank;

    @BeforeAll
    static void start() {
        bank = new TestBank(Map.of(
                "bank.edge.upload-bytes-max",
                Long.toString(UPLOAD_BYTES_MAX),
                "bank.edge.batch-upload-bytes-max",
                "1000"));
    }

    @AfterAll
    static void stop() {
        bank.close();
    }

    @AfterEach
    void forget() {
        bank.documents.uploads.clear();
    }

    private static HttpResponse<String> upload(String path, byte[] body) {
        return bank.send(
                bank.request(path).header("Content-Type", Multipart.TYPE).POST(BodyPublishers.ofByteArray(body)));
    }

    private static ReceivedUpload received() throws InterruptedException {
        ReceivedUpload upload = bank.documents.uploads.poll(5, TimeUnit.SECONDS);
        assertThat(upload).isNotNull();
        return upload;
    }

    private static ReceivedUpload stored() throws Exception {
        return received().end.get(5, TimeUnit.SECONDS);
    }

    private static void assertCancelled() throws Exception {
        ReceivedUpload upload = received();
        assertThatThrownBy(() -> upload.end.get(5, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
    }

    private static String digest(String algorithm, byte[] content) throws Exception {
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance(algorithm).digest(content));
    }

    @Test
    void storesAMultipartUploadWithFieldsAroundTheFile() throws Exception {
        var answer = upload(
                PATH,
                new Multipart()
                        .field("description", "Договор аренды")
                        .part(
                                "content-disposition: form-data; name=file; filename=\"Договор аренды.pdf\"\r\n"
                                        + "Content-Digest: sha-256=:" + digest("SHA-256", PDF) + ":",
                                PDF)
                        .field("callcopyId", "2")
                        .field("actual_date", "2023-10-25")
                        .finished());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.headers().firstValue("location")).hasValue("/v1/abs/documents/789");
        assertThat(answer.headers().firstValue("etag")).hasValue("\"1\"");
        assertThat(answer.body()).contains("\"document_id\":789", "\"status\":\"pending\"", "Договор аренды.pdf");
        var upload = stored();
        assertThat(upload.form().getDescription()).isEqualTo("Договор аренды");
        assertThat(upload.form().getCallcopyId()).isEqualTo(2);
        assertThat(upload.form().getActualDate())
                .isEqualTo(
                        Date.newBuilder().setYear(2023).setMonth(10).setDay(25).build());
        assertThat(upload.header().getContentDigest()).isEqualTo("sha-256=:" + digest("SHA-256", PDF) + ":");
        assertThat(upload.size()).isEqualTo(PDF.length);
    }

    @Test
    void prefersTheExtendedFileName() throws Exception {
        upload(
                PATH,
                new Multipart()
                        .part(
                                "Content-Disposition: form-data; name=\"file\"; filename=\"x.pdf\";"
                                        + " filename*=UTF-8''%D0%94%20%D0%90.pdf",
                                PDF)
                        .finished());

        assertThat(stored().header().getFileName()).isEqualTo("Д А.pdf");
    }

    @Test
    void storesARawBodyWithFieldsInTheQuery() throws Exception {
        var answer = bank.send(bank.request(PATH + "?description=%D0%90&file_name=a%20b.pdf")
                .header("Content-Type", "application/pdf")
                .header("Content-Digest", "sha-256=:AAAA:")
                .POST(BodyPublishers.ofByteArray(PDF)));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        var upload = stored();
        assertThat(upload.form().getDescription()).isEqualTo("А");
        assertThat(upload.form().getFileName()).isEqualTo("a b.pdf");
        assertThat(upload.header().getContentDigest()).isEqualTo("sha-256=:AAAA:");
    }

    @Test
    void namesAPartItDoesNotKnowWhateverIsInIt() {
        var answer = upload(
                PATH,
                new Multipart()
                        .part("Content-Disposition: form-data; name=fil; filename=a.png", new byte[] {(byte) 0xFF, 0})
                        .finished());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"fil\"", "unknown in the form");
    }

    @Test
    void namesFieldsOfTheFormAsTheClientSentThem() {
        var answer = upload(
                PATH,
                new Multipart()
                        .field("category", ReceivedUpload.REFUSED)
                        .part("Content-Disposition: form-data; name=file; filename=a.pdf", PDF)
                        .finished());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("\"field\":\"category\"", "\"detail\":\"category: not a category\"")
                .doesNotContain("form.");
    }

    @Test
    void takesThePathVariableAndTheNameOfARawBody() {
        var answer = bank.send(bank.request("/v1/dbo/documents/5/content")
                .header("Content-Type", "application/pdf")
                .header("Content-Disposition", "attachment; filename*=UTF-8''%D0%94.pdf")
                .PUT(BodyPublishers.ofByteArray(PDF)));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"document_id\":5", "\"file_name\":\"Д.pdf\"", "\"size_bytes\":" + PDF.length);
    }

    @Test
    void acceptsAWholeBodyThatKeepsItsDigests() throws Exception {
        byte[] body = new Multipart().file("file", "a.pdf", PDF).finished();
        var answer = bank.send(bank.request(PATH)
                .header("Content-Type", Multipart.TYPE)
                .header(
                        "Content-Digest",
                        "sha-512=:" + digest("SHA-512", body) + ":, sha-256=:" + digest("SHA-256", body)
                                + ":, md5=:AA==:")
                .POST(BodyPublishers.ofByteArray(body)));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    @Test
    void cancelsAnUploadThatBreaksItsDigest() throws Exception {
        byte[] body = new Multipart().file("file", "a.pdf", PDF).finished();
        var answer = bank.send(bank.request(PATH)
                .header("Content-Type", Multipart.TYPE)
                .header("Content-Digest", "sha-256=:" + digest("SHA-256", PDF) + ":")
                .POST(BodyPublishers.ofByteArray(body)));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("DIGEST_MISMATCH");
        assertCancelled();
    }

    @Test
    void cancelsAnUploadWithAFormFieldThatBreaksItsDigest() throws Exception {
        var answer = upload(
                PATH,
                new Multipart()
                        .file("file", "a.pdf", PDF)
                        .part(
                                "Content-Disposition: form-data; name=description\r\nContent-Digest: sha-256=:"
                                        + digest("SHA-256", PDF) + ":",
                                new byte[] {'a'})
                        .finished());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("DIGEST_MISMATCH");
        assertCancelled();
    }

    @Test
    void refusesADigestOfUnknownAlgorithms() {
        var answer = bank.send(bank.request(PATH)
                .header("Content-Type", Multipart.TYPE)
                .header("Content-Digest", "md5=:AA==:")
                .POST(BodyPublishers.ofByteArray(
                        new Multipart().file("file", "a.pdf", PDF).finished())));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("DIGEST_UNSUPPORTED");
    }

    @Test
    void cancelsAnUploadWithoutItsClosingBoundary() throws Exception {
        var answer = upload(PATH, new Multipart().file("file", "a.pdf", PDF).unfinished());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("MALFORMED_MULTIPART", "closing boundary");
        assertCancelled();
    }

    @Test
    void cancelsAnUploadWhoseClientGoesAway() throws Exception {
        byte[] body = new Multipart().file("file", "a.pdf", new byte[300_000]).unfinished();
        try (var socket = new Socket("127.0.0.1", bank.edge.port())) {
            socket.getOutputStream()
                    .write(("POST " + PATH + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + bank.tokens.client()
                                    + "\r\nContent-Type: " + Multipart.TYPE + "\r\nContent-Length: 9999999\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            ReceivedUpload upload = received();
            upload.begun.get(5, TimeUnit.SECONDS);
            bank.documents.uploads.add(upload);
        }
        assertCancelled();
    }

    @Test
    void leavesAMissingFileToTheService() throws Exception {
        upload(PATH, new Multipart().field("description", "x").finished());

        assertThat(stored().header().getFileName()).isEmpty();
    }

    @Test
    void namesUnknownAndMalformedParts() {
        assertThat(upload(PATH, new Multipart().field("colour", "x").finished()).body())
                .contains("\"field\":\"colour\"");
        assertThat(upload(
                                PATH,
                                new Multipart()
                                        .field("actual_date", "25.10.2023")
                                        .finished())
                        .body())
                .contains("\"field\":\"actual_date\"");
        assertThat(upload(
                                PATH + "?description=a",
                                new Multipart().field("description", "b").finished())
                        .body())
                .contains("set by both the query and the form");
    }

    @Test
    void tellsAnEarlyRefusalOfTheService() {
        var answer = upload(
                PATH,
                new Multipart()
                        .file("file", ReceivedUpload.REFUSED, new byte[8 << 20])
                        .finished());

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body()).contains("\"reason\":\"MEDIA_TYPE\"", "\"field\":\"file\"");
    }

    @Test
    void refusesJsonWhereAFileBelongs() {
        assertThat(bank.json("POST", PATH, "{}").statusCode()).isEqualTo(415);
    }

    @Test
    void refusesABodyAboveTheLimitBeforeReadingIt() throws Exception {
        try (var socket = new Socket("127.0.0.1", bank.edge.port())) {
            socket.setSoTimeout(5000);
            socket.getOutputStream()
                    .write(("POST " + PATH + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + bank.tokens.client()
                                    + "\r\nContent-Type: application/pdf\r\nContent-Length: " + (UPLOAD_BYTES_MAX + 1)
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var head = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            assertThat(head).isEqualTo("HTTP/1.1 413");
        }
    }

    @Test
    void refusesABodyThatGrowsAboveTheLimit() {
        var answer = bank.send(bank.request("/v1/abs/documents/batch")
                .setHeader("Authorization", "Bearer " + bank.tokens.employee())
                .header("Content-Type", Multipart.TYPE)
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(
                        new Multipart().file("files", "a.pdf", new byte[2000]).finished()))));

        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void namesTheFaultInABatchList() {
        var answer = upload(
                "/v1/abs/documents/batch",
                new Multipart()
                        .field("documents", "[{\"user_id\":1},{\"user_id\":2,\"callcopy_id\":\"x\"}]")
                        .finished());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"documents[1].callcopy_id\"");
    }

    @Test
    void streamsMoreThanTheHeapHolds() throws Exception {
        int pieces = 640;
        var piece = new byte[1 << 20];
        byte[] body = new Multipart().file("file", "big.pdf", new byte[0]).unfinished();
        InputStream head = new ByteArrayInputStream(body, 0, body.length - 2);
        InputStream middle = new SequenceInputStream(Collections.enumeration(Collections.nCopies(pieces, piece).stream()
                .map(bytes -> (InputStream) new ByteArrayInputStream(bytes))
                .toList()));
        InputStream tail = new ByteArrayInputStream("\r\n--limit--".getBytes(StandardCharsets.US_ASCII));

        var answer = bank.send(bank.request(PATH)
                .timeout(java.time.Duration.ofMinutes(2))
                .header("Content-Type", Multipart.TYPE)
                .POST(BodyPublishers.ofInputStream(
                        () -> new SequenceInputStream(Collections.enumeration(List.of(head, middle, tail))))));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        var upload = stored();
        assertThat(upload.size()).isEqualTo((long) pieces << 20);
        assertThat(upload.chunkBytesMax()).isEqualTo(256 * 1024);
        assertThat(Runtime.getRuntime().maxMemory()).isLessThan((long) pieces << 20);
    }
}
