package bank.document;

import static bank.testing.StatusAssert.assertThatCall;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_APPROVED;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_PENDING;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_PROCESSING;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_REJECTED;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_REQUIRES_REVIEW;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.TestDocuments;
import bank.v1.DocumentEventType;
import bank.v1.DownloadDocumentRequest;
import bank.v1.ListVersionsRequest;
import bank.v1.UpdateDocumentRequest;
import bank.v1.UpdateDocumentResponse;
import bank.v1.UpdatedField;
import com.google.protobuf.FieldMask;
import com.google.type.Date;
import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ChangeIT {
    @RegisterExtension
    static final DocumentServiceExtension service = new DocumentServiceExtension();

    private static final Documents documents = new Documents(service);
    private static final Date DAY =
            Date.newBuilder().setYear(2026).setMonth(3).setDay(1).build();

    @Test
    void changesOneFieldAndTellsIt() {
        var id = documents.pending();
        var answer = update(request(id).setDescription("Обновленный договор аренды"));
        assertThat(answer.getDocumentId()).isEqualTo(id);
        assertThat(answer.getUpdatedField()).isEqualTo("description");
        assertThat(answer.getNewValue()).isEqualTo("Обновленный договор аренды");
        assertThat(answer.getUpdatedFieldsCount()).isEqualTo(1);
        assertThat(answer.getEtag()).isEqualTo("2");
        assertThat(documents.get(id).getDescription()).isEqualTo("Обновленный договор аренды");
    }

    @Test
    void changesSeveralFieldsAndTellsEach() {
        var id = documents.pending();
        var answer =
                update(request(id).setCategory("finance").setActualEndDate(DAY).setDescription("d"));
        assertThat(answer.hasUpdatedField()).isFalse();
        assertThat(answer.getUpdatedFieldsList())
                .containsExactly(
                        field("description", "d"),
                        field("category", "Финансы"),
                        field("actual_end_date", "2026-03-01"));
        assertThat(documents.get(id).getCallcopyId()).isEqualTo(4);
    }

    @Test
    void changesWhatTheMaskNamesAndNothingElse() {
        var id = documents.pending();
        update(request(id).setDescription("d").setActualDate(DAY));
        var answer = update(request(id)
                .setDescription("not this")
                .setCallcopyId(1)
                .setUpdateMask(FieldMask.newBuilder().addPaths("callcopy_id").addPaths("actual_date")));
        assertThat(answer.getUpdatedFieldsList()).containsExactly(field("callcopy_id", "1"), field("actual_date", ""));
        var document = documents.get(id);
        assertThat(document.getDescription()).isEqualTo("d");
        assertThat(document.getCategory()).isEqualTo("Паспорта");
        assertThat(document.hasActualDate()).isFalse();
    }

    @Test
    void refusesChangesThatMakeNoSense() {
        var id = documents.pending();
        update(request(id).setActualDate(DAY));
        assertThatCall(() -> update(request(id)))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("update_mask");
        assertThatCall(() ->
                        update(request(id).setUpdateMask(FieldMask.newBuilder().addPaths("status"))))
                .hasFieldViolation("update_mask");
        assertThatCall(() ->
                        update(request(id).setUpdateMask(FieldMask.newBuilder().addPaths("category"))))
                .hasFieldViolation("category");
        assertThatCall(() -> update(request(id).setCategory("nothing")))
                .fails(Code.INVALID_ARGUMENT, "UNKNOWN_CATEGORY");
        assertThatCall(() -> update(request(id).setActualEndDate(DAY.toBuilder().setYear(2025))))
                .hasFieldViolation("actual_end_date");
        assertThatCall(() -> service.otherClient()
                        .documents()
                        .updateDocument(request(id).setDescription("x").build()))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> service.client()
                        .with("if-match", "\"1\"")
                        .documents()
                        .updateDocument(request(id).setDescription("x").build()))
                .fails(Code.ABORTED, "ETAG_MISMATCH");
        assertThat(documents.get(id).getEtag()).isEqualTo("2");
    }

    @Test
    void replacesTheContentByANewVersion() {
        var id = documents.in(DOCUMENT_STATUS_PROCESSING, DOCUMENT_STATUS_REJECTED);
        var first = Received.content(service.employee(), id);
        var second = TestDocuments.bytes("scan.png");

        var answer = Sent.replace(service.client(), id, "скан.png", second);

        assertThat(answer.getVersion()).isEqualTo(2);
        assertThat(answer.getStatus()).isEqualTo(DOCUMENT_STATUS_PENDING);
        assertThat(answer.getMediaType()).isEqualTo("image/png");
        var document = documents.get(id);
        assertThat(document.getFileName()).isEqualTo("скан.png");
        assertThat(document.hasFactMaturityDate()).isFalse();
        assertThat(document.getWorkerId()).isEqualTo(TestIdentity.EMPLOYEE);
        assertThat(Received.content(service.client(), id)).isEqualTo(second);
        assertThat(Received.of(
                                service.employee(),
                                DownloadDocumentRequest.newBuilder()
                                        .setId(id)
                                        .setVersion(1)
                                        .build())
                        .bytes())
                .isEqualTo(first);
        var event = documents.history(id).getFirst();
        assertThat(event.getType()).isEqualTo(DocumentEventType.DOCUMENT_EVENT_TYPE_CONTENT_REPLACED);
        assertThat(event.getVersion()).isEqualTo(2);
        assertThat(event.getFromStatus()).isEqualTo(DOCUMENT_STATUS_REJECTED);
    }

    @Test
    void isTheSameChangeHoweverItsMaskIsTold() {
        var id = documents.pending();
        var change = request(id).setDescription("x").setActualDate(DAY).build();
        var keyed = service.client().with("idempotency-key", "mask").documents();
        var first = keyed.updateDocument(change);
        assertThat(keyed.updateDocument(change.toBuilder()
                        .setUpdateMask(
                                FieldMask.newBuilder().addPaths("actual_date").addPaths("description"))
                        .build()))
                .isEqualTo(first);
        assertThat(keyed.updateDocument(change.toBuilder()
                        .setUpdateMask(
                                FieldMask.newBuilder().addPaths("description").addPaths("actual_date"))
                        .build()))
                .isEqualTo(first);
        assertThat(documents.get(id).getEtag()).isEqualTo("2");
    }

    @Test
    void replacesOnlyTheContentTheCallerSaw() {
        var id = documents.pending();
        var seen = "\"" + documents.get(id).getDigest() + "\"";
        Sent.replace(service.client().with("if-match", seen), id, "b.pdf", SmallPdf.of("seen"));
        assertThatCall(() -> Sent.replace(service.client().with("if-match", seen), id, "c.pdf", SmallPdf.of("unseen")))
                .fails(Code.ABORTED, "ETAG_MISMATCH");
        assertThat(Received.content(service.client(), id)).isEqualTo(SmallPdf.of("seen"));
    }

    @Test
    void pagesThroughVersionsNewestFirst() {
        var id = documents.pending();
        for (var i = 2; i <= 5; i++) {
            Sent.replace(service.client(), id, "v" + i + ".pdf", SmallPdf.of("version " + i));
        }
        var request = ListVersionsRequest.newBuilder().setId(id).setPageSize(3).build();
        var first = service.employee().reviews().listVersions(request);
        assertThat(first.getVersionsList()).extracting(v -> v.getVersion()).containsExactly(5, 4, 3);
        var second = service.employee()
                .reviews()
                .listVersions(request.toBuilder()
                        .setPageToken(first.getNextPageToken())
                        .build());
        assertThat(second.getVersionsList()).extracting(v -> v.getVersion()).containsExactly(2, 1);
        assertThat(second.getNextPageToken()).isEmpty();
        assertThatCall(() -> service.client().reviews().listVersions(request))
                .fails(Code.PERMISSION_DENIED, "ROLE_MISSING");
    }

    @Test
    void keepsEarlierVersionsFromClients() {
        var id = documents.pending();
        var request =
                DownloadDocumentRequest.newBuilder().setId(id).setVersion(1).build();
        assertThatCall(() -> Received.of(service.client(), request)).fails(Code.PERMISSION_DENIED, "VERSION_FORBIDDEN");
        assertThatCall(() -> Received.of(
                        service.employee(), request.toBuilder().setVersion(2).build()))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void refusesToReplaceWhatIsBeingProcessedOrDone() {
        for (var id : new long[] {
            documents.in(DOCUMENT_STATUS_PROCESSING), documents.in(DOCUMENT_STATUS_PROCESSING, DOCUMENT_STATUS_APPROVED)
        }) {
            assertThatCall(() -> Sent.replace(service.client(), id, "b.pdf", SmallPdf.of("b")))
                    .fails(Code.FAILED_PRECONDITION, "STATUS_FORBIDS_REPLACEMENT");
        }
        var review = documents.in(DOCUMENT_STATUS_PROCESSING, DOCUMENT_STATUS_REQUIRES_REVIEW);
        assertThatCall(() -> Sent.replace(service.client(), review, "b.pdf", TestDocuments.bytes("zip.docx")))
                .fails(Code.INVALID_ARGUMENT, "MEDIA_TYPE");
        assertThatCall(() ->
                        Sent.replace(service.client().with("if-match", "\"1\""), review, "b.pdf", SmallPdf.of("b")))
                .fails(Code.ABORTED, "ETAG_MISMATCH");
        assertThat(Sent.replace(service.client(), review, "b.pdf", SmallPdf.of("b"))
                        .getVersion())
                .isEqualTo(2);
        assertThatCall(() -> Sent.replace(service.client(), 0, "b.pdf", SmallPdf.of("b")))
                .hasFieldViolation("id");
        assertThat(service.objects()).hasSize(service.versions());
    }

    private static UpdateDocumentRequest.Builder request(long id) {
        return UpdateDocumentRequest.newBuilder().setId(id);
    }

    private static UpdateDocumentResponse update(UpdateDocumentRequest.Builder request) {
        return service.client().documents().updateDocument(request.build());
    }

    private static UpdatedField field(String name, String value) {
        return UpdatedField.newBuilder().setField(name).setNewValue(value).build();
    }
}
