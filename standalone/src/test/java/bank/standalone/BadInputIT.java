package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.standalone.Http.Part;
import bank.standalone.Http.Reply;
import bank.testing.TestDocuments;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bad input gets its documented error over HTTP, and nothing is stored.
class BadInputIT {
    @RegisterExtension
    static final RunningBank bank = new RunningBank();

    private static final int LIMIT = 50 * 1024 * 1024;

    private static Http http;
    private static String client;
    private static String employee;
    private static long clientId;
    private int before;

    @BeforeAll
    static void signIn() {
        http = new Http(bank.uri());
        client = http.token("client2@demo.test", RunningBank.PASSWORD);
        employee = http.token("employee@demo.test", RunningBank.PASSWORD);
        clientId = http.get("/v1/users/me", client).json().at("/user/id").asLong();
    }

    @BeforeEach
    void count() {
        before = stored();
    }

    @AfterEach
    void nothingIsStored() {
        assertThat(stored()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "empty.pdf, 400, EMPTY_FILE",
        "renamed-exe.pdf, 415, MEDIA_TYPE",
        "truncated.docx, 415, MEDIA_TYPE",
        "truncated.pdf, 415, MEDIA_TYPE",
        "macro.docx, 415, MEDIA_TYPE",
        "zip.docx, 415, MEDIA_TYPE",
        "spreadsheet.docx, 415, MEDIA_TYPE",
        "html.pdf, 415, MEDIA_TYPE"
    })
    void refusesWhatIsNoDocument(String name, int status, String reason) {
        problem(upload(name, TestDocuments.bytes(name)), status, reason);
    }

    @Test
    void refusesOneByteAboveTheLimit() {
        var content = Arrays.copyOf(TestDocuments.bytes("bank-statement.pdf"), LIMIT + 1);
        problem(upload("big.pdf", content), 413, "CONTENT_TOO_LARGE");
    }

    @Test
    void refusesAWrongDigestOfAPart() {
        var parts = List.of(Part.file(
                "file",
                "scan.png",
                TestDocuments.bytes("scan.png"),
                "Content-Digest: sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"));
        problem(http.multipart("POST", "/v1/dbo/documents", client, parts), 400, "DIGEST_MISMATCH");
    }

    @Test
    void refusesAWrongDigestOfTheWholeBody() {
        var parts = List.of(Part.file("file", "scan.png", TestDocuments.bytes("scan.png")));
        problem(
                http.multipart(
                        "POST",
                        "/v1/dbo/documents",
                        client,
                        parts,
                        "Content-Digest",
                        "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"),
                400,
                "DIGEST_MISMATCH");
    }

    @Test
    void storesNothingOfABatchWhoseBodyIsNotWhatItPromises() {
        var documents = Part.field("documents", """
                [{"user_id":%1$d,"description":"1"},{"user_id":%1$d,"description":"2"}]""".formatted(clientId));
        var file = Part.file("files", "scan.png", TestDocuments.bytes("scan.png"));
        problem(
                http.multipart(
                        "POST",
                        "/v1/abs/documents/batch",
                        employee,
                        List.of(documents, file, file),
                        "Content-Digest",
                        "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"),
                400,
                "DIGEST_MISMATCH");
        problem(
                http.multipart(
                        "POST",
                        "/v1/abs/documents/batch",
                        employee,
                        List.of(documents, file, file, Part.field("bogus", "x"))),
                400,
                "INVALID_FIELD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../scan.png", "a/b.png", "C:\\scan.png", "..", "зло\u0001.png", "tab\t.png"})
    void refusesNamesWithPathPartsOrControlCharacters(String name) {
        problem(upload(name, TestDocuments.bytes("scan.png")), 400, "FILE_NAME");
    }

    @Test
    void refusesAMissingPart() {
        problem(
                http.multipart("POST", "/v1/dbo/documents", client, List.of(Part.field("description", "нет файла"))),
                400,
                "FILE_MISSING");
    }

    @Test
    void refusesAnUnknownPartByName() {
        var parts =
                List.of(Part.field("descriptoin", "x"), Part.file("file", "scan.png", TestDocuments.bytes("scan.png")));
        var reply = http.multipart("POST", "/v1/dbo/documents", client, parts).expect(400);
        assertThat(reply.json().at("/errors/0/field").asText()).isEqualTo("descriptoin");
    }

    @Test
    void refusesAnUnknownCategory() {
        var parts = List.of(
                Part.field("category", "Рецепты"), Part.file("file", "scan.png", TestDocuments.bytes("scan.png")));
        problem(http.multipart("POST", "/v1/dbo/documents", client, parts), 400, "UNKNOWN_CATEGORY");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "\"x\"",
                "{\"description\":1}",
                "{\"description\":\"a\",\"description\":\"b\"}",
                "{\"nonsense\":1}",
                "{\"description\":\"a\"} tail",
                "{\"user_id\":\"abc\"}",
                "{\"user_id\":1.5}",
                "{\"user_id\":99999999999999999999}"
            })
    void refusesJsonOfTheWrongShape(String body) {
        var reply = http.json("POST", "/v1/sm/contracts", client, body);
        problem(reply, 400, reply.reason());
        assertThat(reply.json().path("detail").asText()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "1.5", "0", "-1", "99999999999999999999"})
    void refusesAnIdThatIsNoNumber(String id) {
        var reply = http.get("/v1/abs/documents/" + id, client);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/errors/0/field").asText()).isEqualTo("id");
    }

    @Test
    void refusesAnIllegalStatusChangeNamingBothStates() {
        var id = stored(employee);
        var reply = http.json("PUT", "/v1/abs/documents/" + id + "/status", employee, "{\"status\":\"archived\"}");
        problem(reply, 400, "ILLEGAL_STATUS_CHANGE");
        assertThat(reply.json().path("detail").asText()).contains("pending").contains("archived");
        http.delete("/v1/dbo/documents/" + id, client).expect(200);
    }

    @Test
    void refusesAQueryParameterThatNobodyKnows() {
        var reply = http.get("/v1/abs/documents?statsu=pending", employee).expect(400);
        assertThat(reply.json().at("/errors/0/field").asText()).isEqualTo("statsu");
    }

    @Test
    void refusesATamperedPageToken() {
        problem(
                http.get("/v1/dbo/users/" + clientId + "/documents?page_token=AAAAAAAAAAAAAAAAAAAAAAAAAAAA", client),
                400,
                "PAGE_TOKEN");
    }

    private long stored(String token) {
        return http.multipart(
                        "POST",
                        "/v1/dbo/documents",
                        client,
                        List.of(Part.file("file", "scan.png", TestDocuments.bytes("scan.png"))))
                .expect(201)
                .json()
                .path("document_id")
                .asLong();
    }

    private static Reply upload(String name, byte[] content) {
        return http.multipart("POST", "/v1/dbo/documents", client, List.of(Part.file("file", name, content)));
    }

    private static void problem(Reply reply, int status, String reason) {
        reply.expect(status);
        assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
        assertThat(reply.reason()).isEqualTo(reason).isNotEmpty();
        assertThat(reply.json().path("status").asInt()).isEqualTo(status);
        assertThat(reply.json().path("request_id").asText()).isEqualTo(reply.header("X-Request-Id"));
    }

    private static int stored() {
        return http.get("/v1/dbo/users/" + clientId + "/documents?page_size=200", client)
                .expect(200)
                .json()
                .path("documents")
                .size();
    }
}
