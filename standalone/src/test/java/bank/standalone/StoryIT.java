package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.standalone.Http.Part;
import bank.testing.TestDocuments;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The documents gateway as its users walk through it, over HTTP: every path and shape of the original.
class StoryIT {
    @RegisterExtension
    static final RunningBank bank = new RunningBank();

    private static Http http;
    private static String client;
    private static String employee;
    private static String abs;
    private static long clientId;
    private static long employeeId;

    @BeforeAll
    static void signIn() {
        http = new Http(bank.uri());
        client = http.token("client@demo.test", RunningBank.PASSWORD);
        employee = http.token("employee@demo.test", RunningBank.PASSWORD);
        clientId = http.get("/v1/users/me", client).json().at("/user/id").asLong();
        employeeId = http.get("/v1/users/me", employee).json().at("/user/id").asLong();
        abs = http.raw(
                        "POST",
                        "/token",
                        "",
                        "grant_type=client_credentials".getBytes(),
                        "Content-Type",
                        "application/x-www-form-urlencoded",
                        "Authorization",
                        "Basic YWJzLWludGVncmF0aW9uOmRlbW8tc2VjcmV0LTIwMjY=")
                .expect(200)
                .json()
                .path("access_token")
                .asText();
    }

    @Test
    void walksFromRegistrationToTheLinkedDocument() {
        var registered = http.json("POST", "/v1/auth/register", "", """
                        {"email":"Anna.Story@Example.com","password":"Длинный пароль 42","firstName":"Анна"}""").expect(201);
        assertThat(registered.json().path("email").asText()).isEqualTo("anna.story@example.com");
        assertThat(registered.text()).doesNotContain("password");
        assertThat(registered.header("Location"))
                .isEqualTo("/v1/users/" + registered.json().path("id").asLong());
        var anna = http.token("anna.story@example.com", "Длинный пароль 42");
        var annaId = registered.json().path("id").asLong();

        var content = TestDocuments.bytes("Договор аренды.pdf");
        var uploaded = http.multipart(
                        "POST",
                        "/v1/dbo/documents",
                        anna,
                        List.of(
                                Part.file("file", "Договор аренды.pdf", content),
                                Part.field("description", "Договор аренды"),
                                Part.field("category", "Договоры"),
                                Part.field("actual_date", "2023-10-25"),
                                Part.field("actual_end_date", "2024-10-25")))
                .expect(201);
        var id = uploaded.json().path("document_id").asLong();
        assertThat(uploaded.json().path("status").asText()).isEqualTo("pending");
        assertThat(uploaded.header("Location")).isEqualTo("/v1/abs/documents/" + id);

        var document = http.get("/v1/abs/documents/" + id, anna).expect(200);
        assertThat(document.json().path("description").asText()).isEqualTo("Договор аренды");
        assertThat(document.json().path("category").asText()).isEqualTo("Договоры");
        assertThat(document.json().path("callcopy_id").asLong()).isEqualTo(2);
        assertThat(document.json().path("actual_date").asText()).isEqualTo("2023-10-25");
        assertThat(document.json().path("user_id").asLong()).isEqualTo(annaId);
        assertThat(document.json().path("media_type").asText()).isEqualTo("application/pdf");
        assertThat(document.json().path("size_bytes").asLong()).isEqualTo(content.length);
        assertThat(document.header("ETag"))
                .isEqualTo("\"" + document.json().path("etag").asText() + "\"");

        setStatus(id, employee, "processing");
        var processed = http.json("PUT", "/v1/abs/documents/" + id + "/status", employee, """
                        {"status":"processed","plan_maturity_date":"2030-11-01","comment":"Проверено"}""")
                .expect(200);
        assertThat(processed.json().path("updated_by").asLong()).isEqualTo(employeeId);

        var contract = http.json("POST", "/v1/sm/contracts", employee, """
                        {"user_id":%d,"description":"Контракт на обслуживание"}""".formatted(annaId))
                .expect(201);
        var contractId = contract.json().path("contract_id").asLong();
        http.json("POST", "/v1/sm/contracts/" + contractId + "/link", anna, "{\"document_id\":" + id + "}")
                .expect(201);
        var linked =
                http.get("/v1/sm/contracts/" + contractId + "/documents", anna).expect(200);
        assertThat(linked.json().path("contract_id").asLong()).isEqualTo(contractId);
        assertThat(linked.json().at("/documents/0/document_id").asLong()).isEqualTo(id);
        assertThat(linked.json().at("/documents/0/description").asText()).isEqualTo("Договор аренды");
        assertThat(linked.json().at("/documents/0/status").asText()).isEqualTo("active");
        assertThat(http.get(linked.json().at("/documents/0/link").asText(), "")
                        .expect(200)
                        .body())
                .isEqualTo(content);

        var download = http.get("/v1/dbo/documents/" + id + "/content", anna).expect(200);
        assertThat(download.body()).isEqualTo(content);
        assertThat(download.header("Content-Type")).isEqualTo("application/pdf");
        assertThat(download.header("Content-Disposition")).contains("filename*=UTF-8''%D0%94");

        assertThat(http.get("/v1/abs/documents/" + id + "/history", anna)
                        .expect(200)
                        .json()
                        .path("events"))
                .hasSize(3);
    }

    @Test
    void answersTheOriginalsExamplesAsPrinted() {
        var id = upload(client, "Договор аренды.pdf", "Договор аренды", "Договоры");

        var list = http.get("/v1/dbo/users/" + clientId + "/documents", client)
                .expect(200)
                .json();
        var first = list.path("documents").get(0);
        assertThat(first.path("id").asLong()).isEqualTo(id);
        assertThat(first.path("description").asText()).isEqualTo("Договор аренды");
        assertThat(first.path("category").asText()).isEqualTo("Договоры");
        assertThat(first.path("upload_date").asText())
                .isEqualTo(LocalDate.now(ZoneOffset.UTC).toString());
        assertThat(first.path("status").asText()).isEqualTo("pending");
        assertThat(list.path("next_page_token").isTextual()).isTrue();

        var patched = http.json("PATCH", "/v1/dbo/documents/" + id, client, """
                        {
                          "description": "Обновленный договор аренды"
                        }""")
                .expect(200)
                .json();
        assertThat(patched.path("document_id").asLong()).isEqualTo(id);
        assertThat(patched.path("updated_field").asText()).isEqualTo("description");
        assertThat(patched.path("new_value").asText()).isEqualTo("Обновленный договор аренды");

        setStatus(id, employee, "processing");
        setStatus(id, employee, "processed");
        var found = http.get(
                        "/v1/abs/documents?status=processed&category=%D0%94%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80%D1%8B",
                        employee)
                .expect(200)
                .json();
        assertThat(found.path("results")).anySatisfy(row -> {
            assertThat(row.path("id").asLong()).isEqualTo(id);
            assertThat(row.path("description").asText()).isEqualTo("Обновленный договор аренды");
            assertThat(row.path("worker_id").asLong()).isEqualTo(employeeId);
        });

        var archived = http.json("PUT", "/v1/abs/documents/" + id + "/status", employee, """
                        {"status": "archived", "worker_id": %d}""".formatted(employeeId))
                .expect(200)
                .json();
        assertThat(archived.path("document_id").asLong()).isEqualTo(id);
        assertThat(archived.path("new_status").asText()).isEqualTo("archived");
        assertThat(archived.path("updated_by").asLong()).isEqualTo(employeeId);

        var pdf = TestDocuments.bytes("bank-statement.pdf");
        var batch = http.multipart(
                        "POST",
                        "/v1/abs/documents/batch",
                        employee,
                        List.of(
                                Part.field("documents", """
                                        [{"user_id": %1$d, "description": "Справка 1", "callcopy_id": 3},
                                         {"user_id": %1$d, "description": "Справка 2", "callcopy_id": 3}]""".formatted(clientId)),
                                Part.file("files", "1.pdf", pdf),
                                Part.file("files", "2.pdf", pdf)))
                .expect(200)
                .json();
        assertThat(batch.path("processed_count").asInt()).isEqualTo(2);
        assertThat(batch.path("failed_count").asInt()).isZero();
        assertThat(batch.path("document_ids")).hasSize(2);

        var contract = http.json("POST", "/v1/sm/contracts", client, """
                        {"user_id": %d, "description": "Контракт на обслуживание"}""".formatted(clientId))
                .expect(201)
                .json();
        assertThat(contract.path("user_id").asLong()).isEqualTo(clientId);
        assertThat(contract.path("status").asText()).isEqualTo("draft");
        var contractId = contract.path("contract_id").asLong();

        var link =
                http.json("POST", "/v1/sm/contracts/" + contractId + "/link", client, "{\"document_id\":" + id + "}");
        link.expect(201);
        var revoked = http.json("PUT", "/v1/sm/contracts/" + contractId + "/link", client, """
                        {"document_id": %d, "operation_status_id": 4}""".formatted(id))
                .expect(200)
                .json();
        assertThat(revoked.path("contract_id").asLong()).isEqualTo(contractId);
        assertThat(revoked.path("document_id").asLong()).isEqualTo(id);
        assertThat(revoked.path("new_status").asText()).isEqualTo("revoked");

        var doomed = upload(client, "scan.png", "Скан", "other");
        var deleted =
                http.delete("/v1/dbo/documents/" + doomed, client).expect(200).json();
        assertThat(deleted.path("message").asText()).isEqualTo("Document " + doomed + " deleted successfully");
        http.get("/v1/abs/documents/" + doomed, client).expect(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Договор аренды.docx",
                "rent-contract.docx",
                "Договор аренды.pdf",
                "bank-statement.pdf",
                "statement-gs.pdf",
                "scan-img2pdf.pdf",
                "скан паспорта.tiff",
                "scan-lzw.tiff",
                "scan.jpg",
                "scan.png"
            })
    void bringsFilesOfOtherProgramsBackByteForByte(String name) {
        var content = TestDocuments.bytes(name);
        var id = upload(client, name, "Файл " + name, "other");
        var download = http.get("/v1/dbo/documents/" + id + "/content", client).expect(200);
        assertThat(download.body()).isEqualTo(content);
        assertThat(http.get("/v1/abs/documents/" + id, abs)
                        .json()
                        .path("file_name")
                        .asText())
                .isEqualTo(name);
        var middle = http.get("/v1/dbo/documents/" + id + "/content", client, "Range", "bytes=10-19")
                .expect(206);
        assertThat(middle.body()).isEqualTo(java.util.Arrays.copyOfRange(content, 10, 20));
        assertThat(middle.header("Content-Range")).isEqualTo("bytes 10-19/" + content.length);
    }

    @Test
    void storesNinetySevenOfAHundredFilesAndTellsTheThreeBadOnes() {
        var pdf = TestDocuments.bytes("bank-statement.pdf");
        var bad = java.util.Map.of(
                7, TestDocuments.bytes("renamed-exe.pdf"),
                42, new byte[0],
                99, TestDocuments.bytes("truncated.docx"));
        var rows = new ArrayList<String>();
        var parts = new ArrayList<Part>();
        for (var i = 0; i < 100; i++) {
            rows.add("{\"user_id\":%d,\"description\":\"Файл %d\",\"callcopy_id\":3}".formatted(clientId, i));
            parts.add(Part.file("files", i + ".pdf", bad.getOrDefault(i, pdf)));
        }
        parts.addFirst(Part.field("documents", "[" + String.join(",", rows) + "]"));
        var batch = http.multipart("POST", "/v1/abs/documents/batch", employee, parts)
                .expect(200)
                .json();
        assertThat(batch.path("processed_count").asInt()).isEqualTo(97);
        assertThat(batch.path("failed_count").asInt()).isEqualTo(3);
        assertThat(batch.path("document_ids"))
                .hasSize(97)
                .allSatisfy(id ->
                        http.get("/v1/abs/documents/" + id.asLong(), client).expect(200));
        var failures = batch.path("failures");
        assertThat(failures.get(0).path("index").asInt()).isEqualTo(7);
        assertThat(failures.get(0).path("reason").asText()).isEqualTo("MEDIA_TYPE");
        assertThat(failures.get(1).path("index").asInt()).isEqualTo(42);
        assertThat(failures.get(1).path("reason").asText()).isEqualTo("EMPTY_FILE");
        assertThat(failures.get(2).path("index").asInt()).isEqualTo(99);
        assertThat(failures.get(2).path("reason").asText()).isEqualTo("MEDIA_TYPE");
        assertThat(failures.get(2).path("code").asText()).isEqualTo("INVALID_ARGUMENT");
    }

    @Test
    void letsNobodySeeWhatIsAnothers() {
        var other = http.token("client2@demo.test", RunningBank.PASSWORD);
        var id = upload(client, "scan.jpg", "Тайна", "passports");
        for (var path : List.of(
                "/v1/abs/documents/" + id,
                "/v1/dbo/documents/" + id + "/content",
                "/v1/abs/documents/" + id + "/history",
                "/v1/dbo/users/" + clientId + "/documents")) {
            assertThat(http.get(path, other).expect(404).reason()).isEqualTo("NOT_FOUND");
        }
        assertThat(http.delete("/v1/dbo/documents/" + id, other).expect(404).reason())
                .isEqualTo("NOT_FOUND");
        http.get("/v1/abs/documents", other).expect(403);
        assertThat(http.get("/v1/abs/documents/" + id, "").expect(401).header("WWW-Authenticate"))
                .startsWith("Bearer");
    }

    @Test
    void repeatsAnUploadWithTheSameKeyOnce() {
        var parts = List.of(
                Part.file("file", "scan.png", TestDocuments.bytes("scan.png")), Part.field("description", "Один раз"));
        var first = http.multipart("POST", "/v1/dbo/documents", client, parts, "Idempotency-Key", "story-once")
                .expect(201);
        var again = http.multipart("POST", "/v1/dbo/documents", client, parts, "Idempotency-Key", "story-once")
                .expect(201);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
        var other = http.multipart(
                "POST",
                "/v1/dbo/documents",
                client,
                List.of(parts.get(0), Part.field("description", "Другое")),
                "Idempotency-Key",
                "story-once");
        assertThat(other.expect(422).reason()).isEqualTo("KEY_REUSED");
    }

    @Test
    void holdsALinkedDocumentAgainstDeletion() {
        var id = upload(client, "scan.png", "Держится", "contracts");
        var contract = http.json("POST", "/v1/sm/contracts", client, "{\"description\":\"К\"}")
                .expect(201)
                .json()
                .path("contract_id")
                .asLong();
        http.json("POST", "/v1/sm/contracts/" + contract + "/link", client, "{\"document_id\":" + id + "}")
                .expect(201);
        assertThat(http.delete("/v1/dbo/documents/" + id, client).expect(400).reason())
                .isEqualTo("DOCUMENT_HELD");
        http.json("PUT", "/v1/sm/contracts/" + contract + "/link", client, """
                        {"document_id":%d,"status":"revoked"}""".formatted(id))
                .expect(200);
        http.delete("/v1/dbo/documents/" + id, client).expect(200);
    }

    private static void setStatus(long id, String token, String status) {
        http.json("PUT", "/v1/abs/documents/" + id + "/status", token, "{\"status\":\"" + status + "\"}")
                .expect(200);
    }

    private static long upload(String token, String name, String description, String category) {
        return http.multipart(
                        "POST",
                        "/v1/dbo/documents",
                        token,
                        List.of(
                                Part.field("description", description),
                                Part.field("category", category),
                                Part.file("file", name, TestDocuments.bytes(name))))
                .expect(201)
                .json()
                .path("document_id")
                .asLong();
    }
}
