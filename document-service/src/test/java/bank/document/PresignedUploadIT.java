package bank.document;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.document.domain.StoredObjects;
import bank.document.store.ObjectClaimStore;
import bank.testing.TestDocuments;
import bank.v1.CreateUploadRequest;
import bank.v1.CreateUploadResponse;
import bank.v1.DocumentForm;
import bank.v1.FinishUploadRequest;
import bank.v1.GetDocumentRequest;
import bank.v1.UploadDocumentResponse;
import io.grpc.Status.Code;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PresignedUploadIT {
    private static final int LIMIT = 2_000_000;

    @RegisterExtension
    static final DocumentServiceExtension service = new DocumentServiceExtension(
            Map.of("upload.bytes-max", "1000", "upload.presigned-bytes-max", Integer.toString(LIMIT)));

    @Test
    void makesADocumentOfWhatWasPut() throws Exception {
        var bytes = SmallPdf.of("presigned", LIMIT);
        var upload = create(service.client(), request(bytes.length));
        assertThat(upload.getMethod()).isEqualTo("PUT");
        assertThat(upload.getUrl()).startsWith(service.s3.endpoint().toString());
        assertThat(put(upload, bytes)).isEqualTo(200);

        var finished = finish(service.client(), upload);

        assertThat(finished.getFileName()).isEqualTo("Договор.pdf");
        assertThat(finished.getSizeBytes()).isEqualTo(bytes.length);
        assertThat(Received.content(service.client(), finished.getDocumentId())).isEqualTo(bytes);
        assertThat(service.client()
                        .reviews()
                        .getDocument(GetDocumentRequest.newBuilder()
                                .setId(finished.getDocumentId())
                                .build())
                        .getDescription())
                .isEqualTo("Большой договор");
        assertThat(service.objects()).noneMatch(key -> key.startsWith("staging/"));
        assertThatCall(() -> finish(service.client(), upload)).fails(Code.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void keepsWhatWasCheckedWhateverIsPutLater() throws Exception {
        var bytes = SmallPdf.of("checked", 5000);
        var upload = create(service.client(), request(bytes.length));
        put(upload, bytes);
        var id = finish(service.client(), upload).getDocumentId();

        assertThat(put(upload, SmallPdf.of("attack!", 5000))).isEqualTo(200);

        assertThat(Received.content(service.client(), id)).isEqualTo(bytes);
        service.clock.advance(Duration.ofHours(2));
        sweep();
        assertThat(service.objects()).noneMatch(key -> key.startsWith("staging/"));
        assertThat(Received.content(service.client(), id)).isEqualTo(bytes);
    }

    @Test
    void refusesWhatIsNotWhatWasAnnounced() throws Exception {
        var bytes = SmallPdf.of("announced", 5000);
        var nothing = create(service.client(), request(5000));
        assertThatCall(() -> finish(service.client(), nothing)).fails(Code.FAILED_PRECONDITION, "UPLOAD_INCOMPLETE");

        var digest = create(service.client(), request(5000).setContentDigest("sha-256=:" + "A".repeat(43) + "=:"));
        put(digest, bytes);
        assertThatCall(() -> finish(service.client(), digest)).fails(Code.INVALID_ARGUMENT, "DIGEST_MISMATCH");

        var exe = TestDocuments.bytes("renamed-exe.pdf");
        var type = create(service.client(), request(exe.length));
        put(type, exe);
        assertThatCall(() -> finish(service.client(), type)).fails(Code.INVALID_ARGUMENT, "MEDIA_TYPE");
        // Put again, it can still be finished.
        put(type, SmallPdf.of("x", exe.length));
        finish(service.client(), type);
    }

    @Test
    void takesNoOtherSizeAtTheUrl() throws Exception {
        var upload = create(service.client(), request(5000));
        assertThat(put(upload, SmallPdf.of("longer", 5001))).isEqualTo(403);
        assertThatCall(() -> finish(service.client(), upload)).fails(Code.FAILED_PRECONDITION, "UPLOAD_INCOMPLETE");
    }

    @Test
    void refusesToOpenWhatCannotBeFinished() {
        assertThatCall(() -> create(service.client(), request(LIMIT + 1)))
                .fails(Code.RESOURCE_EXHAUSTED, "CONTENT_TOO_LARGE");
        assertThatCall(() -> create(service.client(), request(0))).fails(Code.INVALID_ARGUMENT, "INVALID_FIELD");
        assertThatCall(() -> create(service.client(), request(10).setFileName("a/b")))
                .fails(Code.INVALID_ARGUMENT, "FILE_NAME");
        assertThatCall(() -> create(service.client(), request(10).setContentDigest("?")))
                .fails(Code.INVALID_ARGUMENT, "DIGEST_MALFORMED");
        assertThatCall(() -> create(
                        service.client(),
                        request(10).setForm(DocumentForm.newBuilder().setCategory("?"))))
                .fails(Code.INVALID_ARGUMENT, "UNKNOWN_CATEGORY");
        assertThatCall(() -> create(service.employee(), request(10))).fails(Code.PERMISSION_DENIED, "ROLE_MISSING");
    }

    @Test
    void belongsToItsUserAndEndsInTime() throws Exception {
        var bytes = SmallPdf.of("mine", 5000);
        var upload = create(service.client(), request(5000));
        put(upload, bytes);
        assertThatCall(() -> finish(service.otherClient(), upload)).fails(Code.NOT_FOUND, "NOT_FOUND");
        service.clock.advance(Duration.ofMinutes(16));
        assertThatCall(() -> finish(service.client(), upload)).fails(Code.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void repeatsWithTheSameUploadAndAUrlMadeAnew() throws Exception {
        var bytes = SmallPdf.of("repeat", 5000);
        var keyed = service.client().with("idempotency-key", "presigned");
        var first = create(keyed, request(5000));
        var second = create(keyed, request(5000));
        assertThat(second.getUploadId()).isEqualTo(first.getUploadId());
        assertThat(second.getUrl()).isNotEmpty();
        assertThat(service.keptAnswers()).noneMatch(answer -> answer.contains("X-Amz-Signature"));
        put(second, bytes);
        var finished = finish(keyed, first);
        assertThat(finish(keyed, first)).isEqualTo(finished);
    }

    @Test
    void givesNoUrlToAnUploadThatHasEnded() {
        var keyed = service.client().with("idempotency-key", "ended");
        create(keyed, request(5000));
        service.clock.advance(Duration.ofMinutes(15));
        assertThatCall(() -> create(keyed, request(5000))).fails(Code.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void opensNothingInADryRun() {
        var dry = create(service.client().with("validate-only", "true"), request(5000));
        assertThat(dry.getUrl()).isEmpty();
        assertThatCall(() -> finish(service.client(), dry)).fails(Code.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void finishesNothingInADryRun() throws Exception {
        var upload = create(service.client(), request(5000));
        put(upload, SmallPdf.of("dry", 5000));
        var versions = service.versions();
        finish(service.client().with("validate-only", "true"), upload);
        assertThat(service.versions()).isEqualTo(versions);
        finish(service.client(), upload);
    }

    private static void sweep() {
        new StoredObjects(service.database, new ObjectClaimStore(), service.blobs, service.clock, Duration.ofHours(1))
                .sweep();
    }

    private static CreateUploadRequest.Builder request(int size) {
        return CreateUploadRequest.newBuilder()
                .setForm(DocumentForm.newBuilder().setDescription("Большой договор"))
                .setFileName("Договор.pdf")
                .setSizeBytes(size);
    }

    private static CreateUploadResponse create(
            DocumentServiceExtension.Caller caller, CreateUploadRequest.Builder request) {
        return caller.documents().createUpload(request.build());
    }

    private static UploadDocumentResponse finish(DocumentServiceExtension.Caller caller, CreateUploadResponse upload) {
        return caller.documents()
                .finishUpload(FinishUploadRequest.newBuilder()
                        .setUploadId(upload.getUploadId())
                        .build());
    }

    private static int put(CreateUploadResponse upload, byte[] bytes) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(upload.getUrl()))
                                    .PUT(BodyPublishers.ofByteArray(bytes))
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
