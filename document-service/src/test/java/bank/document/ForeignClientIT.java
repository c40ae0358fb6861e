package bank.document;

import static bank.testing.StatusAssert.assertThatCall;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_PROCESSING;
import static org.assertj.core.api.Assertions.assertThat;

import bank.v1.DeleteDocumentRequest;
import bank.v1.GetDocumentHistoryRequest;
import bank.v1.GetDocumentRequest;
import bank.v1.SearchDocumentsRequest;
import bank.v1.UpdateDocumentRequest;
import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What users reach by clients that are not the bank's own.
final class ForeignClientIT {
    private static final String SCOPES = "documents:read documents:process";

    @RegisterExtension
    static final DocumentServiceExtension service = new DocumentServiceExtension();

    private static final Documents documents = new Documents(service);

    @ParameterizedTest
    @ValueSource(longs = {TestIdentity.OTHER_CLIENT, TestIdentity.EMPLOYEE, TestIdentity.ADMIN})
    void reachesNobodyElsesDocuments(long userId) {
        var id = documents.pending();
        var reviews = service.abroad(userId, SCOPES).reviews();

        assertThatCall(() -> reviews.getDocument(
                        GetDocumentRequest.newBuilder().setId(id).build()))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> reviews.getDocumentHistory(
                        GetDocumentHistoryRequest.newBuilder().setId(id).build()))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> reviews.searchDocuments(SearchDocumentsRequest.getDefaultInstance()))
                .fails(Code.PERMISSION_DENIED, "ROLE_MISSING");
        assertThatCall(() -> documents.set(service.abroad(userId, SCOPES), id, DOCUMENT_STATUS_PROCESSING))
                .fails(Code.PERMISSION_DENIED, "ROLE_MISSING");
    }

    @Test
    void changesOnesOwnWithTheScopeToUpload() {
        var uploader = service.abroad(TestIdentity.CLIENT, "documents:upload");
        var id = Sent.upload(uploader, "a.pdf", SmallPdf.of("first")).getDocumentId();

        assertThat(documents.get(id).getUserId()).isEqualTo(TestIdentity.CLIENT);
        assertThat(Sent.replace(uploader, id, "b.pdf", SmallPdf.of("second")).getVersion())
                .isEqualTo(2);
        assertThat(uploader.documents().updateDocument(update(id)).getNewValue())
                .isEqualTo("Справка");
        assertThat(uploader.documents().deleteDocument(delete(id)).getMessage()).contains(Long.toString(id));
    }

    @ParameterizedTest
    @ValueSource(longs = {TestIdentity.OTHER_CLIENT, TestIdentity.EMPLOYEE, TestIdentity.ADMIN})
    void changesNobodyElsesDocuments(long userId) {
        var id = documents.pending();
        var uploader = service.abroad(userId, "documents:upload");

        assertThatCall(() -> uploader.documents().updateDocument(update(id))).fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> uploader.documents().deleteDocument(delete(id))).fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> Sent.replace(uploader, id, "b.pdf", SmallPdf.of("b")))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void deletesNothingWithTheScopeOfMachines() {
        var id = documents.pending();

        assertThatCall(() ->
                        service.abroad(TestIdentity.CLIENT, SCOPES).documents().deleteDocument(delete(id)))
                .fails(Code.PERMISSION_DENIED, "SCOPE_MISSING")
                .hasMetadata("scopes", "documents:upload");
        assertThat(documents.get(id).getId()).isEqualTo(id);
    }

    private static UpdateDocumentRequest update(long id) {
        return UpdateDocumentRequest.newBuilder()
                .setId(id)
                .setDescription("Справка")
                .build();
    }

    private static DeleteDocumentRequest delete(long id) {
        return DeleteDocumentRequest.newBuilder().setId(id).build();
    }

    @Test
    void reachesOnesOwn() {
        var id = documents.pending();

        assertThat(service.abroad(TestIdentity.CLIENT, SCOPES)
                        .reviews()
                        .getDocument(GetDocumentRequest.newBuilder().setId(id).build())
                        .getId())
                .isEqualTo(id);
    }
}
