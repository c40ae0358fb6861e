package bank.document;

import static bank.testing.StatusAssert.assertThatCall;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_PROCESSING;
import static org.assertj.core.api.Assertions.assertThat;

import bank.v1.GetDocumentHistoryRequest;
import bank.v1.GetDocumentRequest;
import bank.v1.SearchDocumentsRequest;
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
    void reachesOnesOwn() {
        var id = documents.pending();

        assertThat(service.abroad(TestIdentity.CLIENT, SCOPES)
                        .reviews()
                        .getDocument(GetDocumentRequest.newBuilder().setId(id).build())
                        .getId())
                .isEqualTo(id);
    }
}
