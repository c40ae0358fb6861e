package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.standalone.FileCaller.Sent;
import bank.testing.TestDocuments;
import bank.v1.BatchDocument;
import bank.v1.BatchForm;
import bank.v1.CreateUploadRequest;
import bank.v1.DocumentForm;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.DocumentServiceGrpc;
import bank.v1.DocumentStatus;
import bank.v1.DownloadDocumentRequest;
import bank.v1.FinishUploadRequest;
import bank.v1.GetDocumentHistoryRequest;
import bank.v1.GetDocumentRequest;
import bank.v1.ListUserDocumentsRequest;
import bank.v1.ListVersionsRequest;
import bank.v1.SearchDocumentsRequest;
import bank.v1.SetDocumentStatusRequest;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.hash.Hashing;
import com.google.type.Date;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// A client of his own who sends, receives, replaces and batches files, well and badly, told step by step.
final class FileStory {
    /// How many steps are told.
    static final int STEPS = 105;

    private static final int LIMIT = 50 * 1024 * 1024;
    private static final String WRONG_DIGEST = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:";
    private static final byte[] PDF = TestDocuments.bytes("Договор аренды.pdf");
    private static final byte[] PNG = TestDocuments.bytes("scan.png");
    private static final byte[] NO_DOCUMENT = TestDocuments.bytes("renamed-exe.pdf");
    private static final DocumentForm NO_FORM = DocumentForm.getDefaultInstance();
    private static final Map<String, String> NO_HEADERS = Map.of();
    private static final Map<String, String> DRY_RUN = Map.of("validate-only", "true");

    private final Http http;
    private final FileCaller files;
    private final Tale tale;
    private final String client;
    private final long clientId;
    private final String other;
    private final String employee;

    FileStory(Http http, FileCaller files) {
        this.http = http;
        this.files = files;
        this.tale = new Tale(files.unary());
        var email = "files-" + UUID.randomUUID() + "@example.com";
        http.json("POST", "/v1/auth/register", "", """
                        {"email":"%s","password":"Длинный пароль 42"}""".formatted(email)).expect(201);
        client = http.token(email, "Длинный пароль 42");
        clientId = http.get("/v1/users/me", client).json().at("/user/id").asLong();
        other = http.token("client2@demo.test", RunningBank.PASSWORD);
        employee = http.token("employee@demo.test", RunningBank.PASSWORD);
    }

    List<String> tell() {
        var document = uploads();
        refusedUploads();
        downloads(document);
        replacements(document);
        batches();
        presignedUploads();
        return tale.lines();
    }

    /// @return a stored PDF
    private long uploads() {
        var described = DocumentForm.newBuilder()
                .setDescription("Договор аренды")
                .setCategory("Договоры")
                .setActualDate(day(2023))
                .setActualEndDate(day(2024))
                .build();
        var pdf = new Sent("Договор аренды.pdf", PDF, digest(PDF));
        var id = upload(described, pdf, client, NO_HEADERS).path("document_id").asLong();
        tale.tell(
                DocumentReviewServiceGrpc.getGetDocumentMethod(),
                GetDocumentRequest.newBuilder().setId(id).build(),
                client);
        var numbered = DocumentForm.newBuilder().setCallcopyId(3).build();
        upload(numbered, new Sent("scan.png", PNG), client, NO_HEADERS);
        upload(NO_FORM, new Sent("scan.png", PNG), client, NO_HEADERS);
        var named = DocumentForm.newBuilder().setFileName("имя из формы.png").build();
        upload(named, new Sent("name of the header.png", PNG), client, NO_HEADERS);
        upload(described, pdf, client, DRY_RUN);

        var key = Map.of("idempotency-key", UUID.randomUUID().toString());
        upload(described, pdf, client, key);
        upload(described, pdf, client, key);
        upload(described, new Sent("Договор аренды.pdf", PNG), client, key);
        upload(described.toBuilder().setDescription("Другое").build(), pdf, client, key);
        upload(described, new Sent("other name.pdf", PDF), client, key);
        storedDocuments();
        return id;
    }

    private void refusedUploads() {
        upload(NO_FORM, new Sent("empty.pdf", new byte[0]), client, NO_HEADERS);
        upload(NO_FORM, null, client, NO_HEADERS);
        upload(NO_FORM, new Sent("scan.png", PNG, WRONG_DIGEST), client, NO_HEADERS);
        upload(NO_FORM, new Sent("scan.png", PNG, "md5=:AAAA:"), client, NO_HEADERS);
        upload(NO_FORM, new Sent("scan.png", PNG, "?"), client, NO_HEADERS);
        upload(NO_FORM, new Sent("program.pdf", NO_DOCUMENT), client, NO_HEADERS);
        upload(NO_FORM, new Sent("large.pdf", Arrays.copyOf(PDF, LIMIT + 1)), client, NO_HEADERS);
        upload(NO_FORM, new Sent("../scan.png", PNG), client, NO_HEADERS);
        upload(NO_FORM, new Sent("", PNG), client, NO_HEADERS);
        var scan = new Sent("scan.png", PNG);
        for (var form : List.of(
                DocumentForm.newBuilder().setCategory("Рецепты"),
                DocumentForm.newBuilder().setCallcopyId(999_999),
                DocumentForm.newBuilder().setCallcopyId(-1),
                DocumentForm.newBuilder().setCategory("contracts").setCallcopyId(2),
                DocumentForm.newBuilder().setDescription("x".repeat(1001)),
                DocumentForm.newBuilder().setCategory("x".repeat(101)),
                DocumentForm.newBuilder().setActualDate(day(2024)).setActualEndDate(day(2023)),
                DocumentForm.newBuilder().setFileName("a/b.png"))) {
            upload(form.build(), scan, client, NO_HEADERS);
        }
        upload(DocumentForm.newBuilder().setCategory("Рецепты").build(), scan, client, DRY_RUN);
        upload(NO_FORM, scan, client, Map.of("validate-only", "maybe"));
        upload(NO_FORM, scan, client, Map.of("idempotency-key", "a b"));
        upload(NO_FORM, scan, employee, NO_HEADERS);
        upload(NO_FORM, scan, "", NO_HEADERS);
        upload(NO_FORM, scan, "not.a.token", NO_HEADERS);
        storedDocuments();
    }

    private void downloads(long id) {
        var request = DownloadDocumentRequest.newBuilder().setId(id).build();
        var whole = download(request, client, NO_HEADERS);
        assertThat(whole.path("sha256").asText())
                .isEqualTo(Hashing.sha256().hashBytes(PDF).toString());
        assertThat(whole.path("content-type").asText()).isEqualTo("application/pdf");
        assertThat(whole.path("content-disposition").asText()).contains("filename*=UTF-8''%D0%94");
        for (var range : List.of("bytes=10-19", "bytes=-5", "bytes=10-", "bytes=0-0,2-3", "bytes=99999999-")) {
            download(request, client, Map.of("range", range));
        }
        download(request, client, Map.of("range", "bytes=10-19", "if-range", "\"sha-256:00\""));
        download(request, client, Map.of("if-none-match", "\"sha-256:00\""));
        whoHasItAlready(request);
        download(request.toBuilder().setVersion(1).build(), employee, NO_HEADERS);
        download(request.toBuilder().setVersion(1).build(), client, NO_HEADERS);
        download(request.toBuilder().setVersion(9).build(), employee, NO_HEADERS);
        download(request.toBuilder().setVersion(-1).build(), employee, NO_HEADERS);
        download(request, other, NO_HEADERS);
        download(request.toBuilder().setId(999_999_999).build(), client, NO_HEADERS);
        download(request.toBuilder().setId(0).build(), client, NO_HEADERS);
        download(request, "", NO_HEADERS);
    }

    /// HTTP tells him that nothing has changed; gRPC has no such answer and sends the content again. What he
    /// has in the end, and its entity tag, is the same.
    private void whoHasItAlready(DownloadDocumentRequest request) {
        var method = DocumentServiceGrpc.getDownloadDocumentMethod();
        var etag = "\"sha-256:" + Hashing.sha256().hashBytes(PDF) + "\"";
        var answer = files.download(request, client, Map.of("if-none-match", etag));
        var grpc = files instanceof FileCaller.Grpc;
        assertThat(answer.body().path("http_status").asInt()).isEqualTo(grpc ? 200 : 304);
        assertThat(answer.body().path("size_bytes").asInt()).isEqualTo(grpc ? PDF.length : 0);
        tale.tell(method, Caller.Answer.ok(null, answer.etag(), answer.replayed()));
    }

    private void replacements(long id) {
        var scan = new Sent("скан.png", PNG, digest(PNG));
        replace(id, scan, client, Map.of("if-match", "\"999\""));
        replace(id, scan, client, DRY_RUN);
        replace(id, new Sent("empty.pdf", new byte[0]), client, NO_HEADERS);
        replace(id, new Sent("scan.png", PNG, WRONG_DIGEST), client, NO_HEADERS);
        replace(id, new Sent("program.pdf", NO_DOCUMENT), client, NO_HEADERS);
        replace(id, new Sent("a\\b.png", PNG), client, NO_HEADERS);
        replace(id, scan, other, NO_HEADERS);
        replace(id, scan, employee, NO_HEADERS);
        replace(id, scan, "", NO_HEADERS);
        replace(999_999_999, scan, client, NO_HEADERS);
        replace(0, scan, client, NO_HEADERS);
        replace(-5, scan, client, NO_HEADERS);
        versions(id, 10, "", employee);

        var key = Map.of("idempotency-key", UUID.randomUUID().toString(), "if-match", "\"1\"");
        replace(id, scan, client, key);
        replace(id, scan, client, key);
        replace(id, new Sent("скан.png", PDF), client, key);
        download(DownloadDocumentRequest.newBuilder().setId(id).build(), client, NO_HEADERS);
        download(DownloadDocumentRequest.newBuilder().setId(id).setVersion(1).build(), employee, NO_HEADERS);
        var next = versions(id, 1, "", employee).path("next_page_token").asText();
        versions(id, 1, next, employee);
        versions(id, 1, "tampered", employee);
        versions(id, 201, "", employee);
        versions(id, 1, "", client);
        versions(999_999_999, 1, "", employee);

        tale.tell(
                DocumentReviewServiceGrpc.getSetDocumentStatusMethod(),
                SetDocumentStatusRequest.newBuilder()
                        .setId(id)
                        .setStatus(DocumentStatus.DOCUMENT_STATUS_PROCESSING)
                        .build(),
                employee);
        replace(id, scan, client, NO_HEADERS);
        tale.tell(
                DocumentReviewServiceGrpc.getGetDocumentHistoryMethod(),
                GetDocumentHistoryRequest.newBuilder().setId(id).build(),
                client);
    }

    private void batches() {
        var three = batch(document("Первый"), document("Плохой"), document("Третий"));
        var badInTheMiddle =
                List.of(new Sent("1.pdf", PDF), new Sent("2.pdf", NO_DOCUMENT), new Sent("3.png", PNG, digest(PNG)));
        var key = Map.of("idempotency-key", UUID.randomUUID().toString());
        send(three, badInTheMiddle, employee, key);
        send(three, badInTheMiddle, employee, key);
        send(three, badInTheMiddle, employee, DRY_RUN);
        send(three, badInTheMiddle, client, NO_HEADERS);
        send(three, badInTheMiddle, "", NO_HEADERS);
        var scan = new Sent("scan.png", PNG);
        send(
                batch(
                        document("empty"),
                        document("wrong digest"),
                        document("x".repeat(1001)),
                        document("category").toBuilder().setCategory("Рецепты").build(),
                        document("nobody's").toBuilder().setUserId(999_999_999).build(),
                        document("name"),
                        document("missing")),
                List.of(
                        new Sent("empty.pdf", new byte[0]),
                        new Sent("scan.png", PNG, WRONG_DIGEST),
                        scan,
                        scan,
                        scan,
                        new Sent("../scan.png", PNG)),
                employee,
                NO_HEADERS);
        send(batch(document("one")), List.of(scan, scan), employee, NO_HEADERS);
        send(batch(), List.of(scan), employee, NO_HEADERS);
        tale.tell(
                DocumentReviewServiceGrpc.getSearchDocumentsMethod(),
                SearchDocumentsRequest.newBuilder().setUserId(clientId).build(),
                employee);
    }

    private void presignedUploads() {
        var request = CreateUploadRequest.newBuilder()
                .setForm(DocumentForm.newBuilder().setDescription("Большой").setCategory("Финансы"))
                .setFileName("Большой договор.pdf")
                .setSizeBytes(PDF.length)
                .setContentDigest(digest(PDF))
                .build();
        var key = Map.of("idempotency-key", UUID.randomUUID().toString());
        var upload = open(request, client, key);
        open(request, client, key);
        finish(upload, client, key);
        put(upload, PDF);
        finish(upload, other, key);
        finish(upload, employee, key);
        var id = finish(upload, client, key).path("document_id").asLong();
        finish(upload, client, key);
        finish(upload, client, NO_HEADERS);
        download(DownloadDocumentRequest.newBuilder().setId(id).build(), client, NO_HEADERS);

        var broken = open(request.toBuilder().setContentDigest(WRONG_DIGEST).build(), client, NO_HEADERS);
        put(broken, PDF);
        finish(broken, client, NO_HEADERS);
        var form = request.getForm().toBuilder();
        open(request.toBuilder().setForm(form.setCategory("Рецепты")).build(), client, NO_HEADERS);
        open(request.toBuilder().setForm(form.setDescription("x".repeat(1001))).build(), client, NO_HEADERS);
        open(request.toBuilder().setSizeBytes(0).build(), client, NO_HEADERS);
        open(request, employee, NO_HEADERS);
        storedDocuments();
    }

    private JsonNode upload(DocumentForm form, Sent file, String token, Map<String, String> headers) {
        return tale.tell(DocumentServiceGrpc.getUploadDocumentMethod(), files.upload(form, file, token, headers));
    }

    private void replace(long id, Sent file, String token, Map<String, String> headers) {
        tale.tell(DocumentServiceGrpc.getReplaceContentMethod(), files.replace(id, file, token, headers));
    }

    private void send(BatchForm form, List<Sent> sent, String token, Map<String, String> headers) {
        tale.tell(DocumentReviewServiceGrpc.getBatchUploadDocumentsMethod(), files.batch(form, sent, token, headers));
    }

    private JsonNode download(DownloadDocumentRequest request, String token, Map<String, String> headers) {
        return tale.tell(DocumentServiceGrpc.getDownloadDocumentMethod(), files.download(request, token, headers));
    }

    private JsonNode versions(long id, int pageSize, String pageToken, String token) {
        var request = ListVersionsRequest.newBuilder()
                .setId(id)
                .setPageSize(pageSize)
                .setPageToken(pageToken)
                .build();
        return tale.tell(DocumentReviewServiceGrpc.getListVersionsMethod(), request, token);
    }

    private JsonNode open(CreateUploadRequest request, String token, Map<String, String> headers) {
        return tale.tell(DocumentServiceGrpc.getCreateUploadMethod(), request, token, headers);
    }

    private JsonNode finish(JsonNode upload, String token, Map<String, String> headers) {
        var request = FinishUploadRequest.newBuilder()
                .setUploadId(upload.path("upload_id").asText())
                .build();
        return tale.tell(DocumentServiceGrpc.getFinishUploadMethod(), request, token, headers);
    }

    private void put(JsonNode upload, byte[] content) {
        http.raw("PUT", upload.path("url").asText(), "", content).expect(200);
    }

    private void storedDocuments() {
        var request = ListUserDocumentsRequest.newBuilder().setUserId(clientId).build();
        tale.tell(DocumentServiceGrpc.getListUserDocumentsMethod(), request, client);
    }

    private BatchDocument document(String description) {
        return BatchDocument.newBuilder()
                .setUserId(clientId)
                .setDescription(description)
                .build();
    }

    private static BatchForm batch(BatchDocument... documents) {
        return BatchForm.newBuilder().addAllDocuments(List.of(documents)).build();
    }

    private static Date day(int year) {
        return Date.newBuilder().setYear(year).setMonth(10).setDay(25).build();
    }

    private static String digest(byte[] content) {
        return "sha-256=:"
                + Base64.getEncoder()
                        .encodeToString(Hashing.sha256().hashBytes(content).asBytes())
                + ":";
    }
}
