package bank.document;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import bank.testing.Eventually;
import bank.testing.TestDocuments;
import bank.v1.BatchDocument;
import bank.v1.BatchFailure;
import bank.v1.BatchForm;
import bank.v1.BatchUploadDocumentsResponse;
import bank.v1.FileHeader;
import bank.v1.GetDocumentHistoryRequest;
import bank.v1.GetDocumentRequest;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BatchIT {
    private static final int LIMIT = 300_000;
    private static final int BATCH_LIMIT = 700_000;

    @RegisterExtension
    static final DocumentServiceExtension service = new DocumentServiceExtension(Map.of(
            "upload.bytes-max", Integer.toString(LIMIT), "upload.batch-bytes-max", Integer.toString(BATCH_LIMIT)));

    @Test
    void storesAHundredFilesButThreeBadOnes() {
        var form = BatchForm.newBuilder();
        var files = new ArrayList<Sent.File>();
        for (var i = 0; i < 100; i++) {
            form.addDocuments(document("Документ " + i));
            files.add(Sent.File.of("файл " + i + ".pdf", SmallPdf.of("batch " + i)));
        }
        files.set(3, Sent.File.of("3.docx", TestDocuments.bytes("truncated.docx")));
        files.set(50, Sent.File.of("50.pdf", new byte[0]));
        form.setDocuments(99, document("nobody's").toBuilder().setUserId(999_999));

        var answer = Sent.batch(service.employee(), form.build(), files);

        assertThat(answer.getProcessedCount()).isEqualTo(97);
        assertThat(answer.getFailedCount()).isEqualTo(3);
        assertThat(answer.getDocumentIdsList()).hasSize(97).isSorted();
        assertThat(answer.getFailuresList())
                .extracting(BatchFailure::getIndex, BatchFailure::getCode, BatchFailure::getReason)
                .containsExactly(
                        tuple(3, "INVALID_ARGUMENT", "MEDIA_TYPE"),
                        tuple(50, "INVALID_ARGUMENT", "EMPTY_FILE"),
                        tuple(99, "INVALID_ARGUMENT", "UNKNOWN_USER"));
        var id = answer.getDocumentIds(4);
        assertThat(Received.content(service.client(), id)).isEqualTo(SmallPdf.of("batch 5"));
        assertThat(service.client()
                        .reviews()
                        .getDocument(GetDocumentRequest.newBuilder().setId(id).build())
                        .getDescription())
                .isEqualTo("Документ 5");
        assertThat(service.client()
                        .reviews()
                        .getDocumentHistory(
                                GetDocumentHistoryRequest.newBuilder().setId(id).build())
                        .getEvents(0)
                        .getActor())
                .isEqualTo("user:" + TestIdentity.EMPLOYEE);
        assertThat(service.objects()).hasSize(service.versions());
    }

    @Test
    void tellsEachKindOfFailureOfAFile() {
        var documents = new ArrayList<BatchDocument>();
        var files = new ArrayList<Sent.File>();
        var reasons = new ArrayList<String>();
        add(documents, files, reasons, document("ok"), file("a.pdf"), "");
        add(
                documents,
                files,
                reasons,
                document("large"),
                Sent.File.of("a.pdf", SmallPdf.of("l", LIMIT + 1)),
                "CONTENT_TOO_LARGE");
        add(documents, files, reasons, document("x".repeat(1001)), file("a.pdf"), "INVALID_FIELD");
        add(
                documents,
                files,
                reasons,
                document("a").toBuilder().setCategory("?").build(),
                file("a.pdf"),
                "UNKNOWN_CATEGORY");
        add(documents, files, reasons, document("a"), file("../a.pdf"), "FILE_NAME");
        add(documents, files, reasons, document("a"), digested("sha-256=:" + "A".repeat(43) + "=:"), "DIGEST_MISMATCH");
        add(documents, files, reasons, document("a"), digested("?"), "DIGEST_MALFORMED");
        add(documents, files, reasons, document("a").toBuilder().setUserId(-1).build(), file("a.pdf"), "UNKNOWN_USER");
        add(documents, files, reasons, document("ok"), file("b.pdf"), "");

        var answer = Sent.batch(service.machine("documents:process"), form(documents), files);

        assertThat(answer.getProcessedCount()).isEqualTo(2);
        assertThat(answer.getFailuresList()).extracting(BatchFailure::getReason).isEqualTo(reasons);
    }

    @Test
    void takesSoManyBytesTogetherAndNoMore() {
        var three = form(List.of(document("a"), document("b"), document("c")));
        var files = new ArrayList<>(List.of(
                Sent.File.of("1.pdf", SmallPdf.of("1", LIMIT)),
                Sent.File.of("2.pdf", SmallPdf.of("2", LIMIT)),
                Sent.File.of("3.pdf", SmallPdf.of("3", BATCH_LIMIT - 2 * LIMIT))));
        assertThat(Sent.batch(service.employee(), three, files).getProcessedCount())
                .isEqualTo(3);

        var versions = service.versions();
        files.set(2, Sent.File.of("3.pdf", SmallPdf.of("3", BATCH_LIMIT - 2 * LIMIT + 1)));
        assertThatCall(() -> Sent.batch(service.employee(), three, files))
                .fails(Code.RESOURCE_EXHAUSTED, "CONTENT_TOO_LARGE")
                .hasMetadata("bytes_max", Integer.toString(BATCH_LIMIT));
        Eventually.holds(
                "nothing of the refused batch is left",
                Duration.ofSeconds(20),
                () -> service.objects().size() == versions && service.spooled().isEmpty());
        assertThat(service.versions()).isEqualTo(versions);
    }

    @Test
    void tellsFilesThatAreMissingOrTooMany() {
        var two = form(List.of(document("a"), document("b")));
        var fewer = Sent.batch(service.employee(), two, List.of(file("a.pdf")));
        assertThat(fewer.getProcessedCount()).isEqualTo(1);
        assertThat(failure(fewer)).isEqualTo("1 FILE_MISSING");
        var more = Sent.batch(service.employee(), two, List.of(file("a.pdf"), file("b.pdf"), file("c.pdf")));
        assertThat(more.getProcessedCount()).isEqualTo(2);
        assertThat(failure(more)).isEqualTo("2 FILE_UNEXPECTED");
    }

    @Test
    void storesARepeatedBatchOnce() {
        var form = form(List.of(document("first"), document("second"), document("bad")));
        var files = List.of(file("1.pdf"), file("2.pdf"), Sent.File.of("3.pdf", new byte[0]));
        var keyed = service.employee().with("idempotency-key", "batch");
        var first = Sent.batch(keyed, form, files);
        var versions = service.versions();
        assertThat(Sent.batch(keyed, form, files)).isEqualTo(first);
        assertThat(service.versions()).isEqualTo(versions);
        for (var other : List.of(
                List.of(file("1.pdf"), file("2.pdf"), file("3.pdf")),
                List.of(file("1.pdf"), file("2.pdf"), Sent.File.of("4.pdf", new byte[0])),
                List.of(file("1.pdf"), file("2.pdf")),
                List.of(file("1.pdf"), file("2.pdf"), Sent.File.of("3.pdf", new byte[0]), file("4.pdf")))) {
            assertThatCall(() -> Sent.batch(keyed, form, other)).fails(Code.INVALID_ARGUMENT, "KEY_REUSED");
        }
        assertThat(Sent.batch(keyed, form, files)).isEqualTo(first);
        assertThat(service.versions()).isEqualTo(versions);
        assertThat(service.objects()).hasSize(versions);
    }

    @Test
    void tellsARepeatOfEachFailureWhatItWasToldFirst() {
        var form = form(List.of(
                document("good"),
                document("large"),
                document("digest"),
                document("a").toBuilder().setUserId(-1).build(),
                document("missing")));
        var files = List.of(
                file("1.pdf"),
                Sent.File.of("2.pdf", SmallPdf.of("l", LIMIT + 1)),
                digested("sha-256=:" + "A".repeat(43) + "=:"),
                file("4.pdf"));
        var keyed = service.employee().with("idempotency-key", "failures");
        var first = Sent.batch(keyed, form, files);
        assertThat(first.getFailuresList())
                .extracting(BatchFailure::getReason)
                .containsExactly("CONTENT_TOO_LARGE", "DIGEST_MISMATCH", "UNKNOWN_USER", "FILE_MISSING");
        assertThat(Sent.batch(keyed, form, files)).isEqualTo(first);

        var larger = new ArrayList<>(files);
        larger.set(1, Sent.File.of("2.pdf", SmallPdf.of("m", LIMIT + 1)));
        assertThatCall(() -> Sent.batch(keyed, form, larger)).fails(Code.INVALID_ARGUMENT, "KEY_REUSED");
    }

    @Test
    void refusesAKeyAsAWhole() {
        var form = form(List.of(document("first"), document("second")));
        var files = List.of(file("1.pdf"), file("2.pdf"));
        var keyed = service.employee().with("idempotency-key", "whole");
        Sent.batch(keyed, form, files);
        var versions = service.versions();

        assertThatCall(() -> Sent.batch(keyed, form(List.of(document("other"), document("second"))), files))
                .fails(Code.INVALID_ARGUMENT, "KEY_REUSED");
        assertThatCall(() -> Sent.batch(keyed, form(List.of(document("first"))), List.of(file("1.pdf"))))
                .fails(Code.INVALID_ARGUMENT, "KEY_REUSED");
        assertThatCall(() -> Sent.batch(keyed, form, List.of(file("1.pdf"), file("3.pdf"))))
                .fails(Code.INVALID_ARGUMENT, "KEY_REUSED");
        assertThatCall(() -> Sent.batch(service.employee().with("idempotency-key", "a b"), form, files))
                .fails(Code.INVALID_ARGUMENT, "KEY_MALFORMED");

        assertThat(service.versions()).isEqualTo(versions);
        assertThat(service.objects()).hasSize(versions);
    }

    @Test
    void tiesAKeyOnlyToABatchOfWhichSomethingWasStored() {
        var keyed = service.employee().with("idempotency-key", "nothing");
        var failed = Sent.batch(keyed, form(List.of(document("bad"))), List.of(Sent.File.of("1.pdf", new byte[0])));
        assertThat(failed.getProcessedCount()).isZero();
        var mended = Sent.batch(keyed, form(List.of(document("good"))), List.of(file("1.pdf")));
        assertThat(mended.getProcessedCount()).isEqualTo(1);
    }

    @Test
    void keepsKeysThatLookLikeThoseOfPartsApart() {
        var form = form(List.of(document("a"), document("b")));
        Sent.batch(service.employee().with("idempotency-key", "day"), form, List.of(file("1.pdf"), file("2.pdf")));
        var other = Sent.batch(
                service.employee().with("idempotency-key", "day#1"),
                form(List.of(document("c"))),
                List.of(file("3.pdf")));
        assertThat(other.getProcessedCount()).isEqualTo(1);
    }

    @Test
    void doesNotKeepAKeyInADryRun() {
        var keyed = service.employee().with("idempotency-key", "dry");
        Sent.batch(keyed.with("validate-only", "true"), form(List.of(document("dry"))), List.of(file("1.pdf")));
        var wet = Sent.batch(keyed, form(List.of(document("wet"))), List.of(file("2.pdf")));
        assertThat(wet.getProcessedCount()).isEqualTo(1);
    }

    @Test
    void changesNothingInADryRun() {
        var versions = service.versions();
        var answer = Sent.batch(
                service.employee().with("validate-only", "true"),
                form(List.of(document("a"), document("b"))),
                List.of(file("a.pdf"), Sent.File.of("b.pdf", new byte[0])));
        assertThat(answer.getProcessedCount()).isEqualTo(1);
        assertThat(answer.getFailedCount()).isEqualTo(1);
        assertThat(service.versions()).isEqualTo(versions);
        assertThat(service.objects()).hasSize(versions);
    }

    @Test
    void refusesBatchesThatAreNone() {
        assertThatCall(() -> Sent.batch(service.employee(), BatchForm.getDefaultInstance(), List.of()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD");
        var tooMany = BatchForm.newBuilder();
        for (var i = 0; i < 101; i++) {
            tooMany.addDocuments(document("a"));
        }
        assertThatCall(() -> Sent.batch(service.employee(), tooMany.build(), List.of()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("documents");
        assertThatCall(() -> Sent.batch(service.client(), form(List.of(document("a"))), List.of(file("a.pdf"))))
                .fails(Code.PERMISSION_DENIED, "ROLE_MISSING");
    }

    private static void add(
            List<BatchDocument> documents,
            List<Sent.File> files,
            List<String> reasons,
            BatchDocument document,
            Sent.File file,
            String reason) {
        documents.add(document);
        files.add(file);
        if (!reason.isEmpty()) {
            reasons.add(reason);
        }
    }

    private static String failure(BatchUploadDocumentsResponse answer) {
        assertThat(answer.getFailuresCount()).isEqualTo(1);
        return answer.getFailures(0).getIndex() + " " + answer.getFailures(0).getReason();
    }

    private static BatchForm form(List<BatchDocument> documents) {
        return BatchForm.newBuilder().addAllDocuments(documents).build();
    }

    private static BatchDocument document(String description) {
        return BatchDocument.newBuilder()
                .setUserId(TestIdentity.CLIENT)
                .setDescription(description)
                .build();
    }

    private static Sent.File file(String name) {
        return Sent.File.of(name, SmallPdf.of("file " + name));
    }

    private static Sent.File digested(String digest) {
        return new Sent.File(
                FileHeader.newBuilder()
                        .setFileName("a.pdf")
                        .setContentDigest(digest)
                        .build(),
                SmallPdf.of("digested"));
    }
}
