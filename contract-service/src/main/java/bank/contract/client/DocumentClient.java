package bank.contract.client;

import bank.contract.model.LinkedDocument.Content;
import bank.platform.failure.Failure;
import bank.v1.BatchGetDocumentsRequest;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.DocumentReviewServiceGrpc.DocumentReviewServiceBlockingStub;
import bank.v1.DocumentServiceGrpc;
import bank.v1.DocumentServiceGrpc.DocumentServiceBlockingStub;
import bank.v1.GetDocumentRequest;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Documents, as the caller of the running rpc may see them.
public final class DocumentClient {
    private final DocumentReviewServiceBlockingStub reviews;
    private final DocumentServiceBlockingStub documents;

    /// @param asCaller channel to document-service whose calls carry the caller's token
    public DocumentClient(Channel asCaller) {
        this.reviews = DocumentReviewServiceGrpc.newBlockingStub(asCaller);
        this.documents = DocumentServiceGrpc.newBlockingStub(asCaller);
    }

    /// Owner of a document; empty when there is none, or none for this caller.
    ///
    /// @throws bank.platform.failure.FailureException when document-service refuses the caller
    public OptionalLong owner(long documentId) {
        try {
            var request = GetDocumentRequest.newBuilder().setId(documentId).build();
            return OptionalLong.of(
                    refusalsPassed(() -> reviews.getDocument(request)).getUserId());
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return OptionalLong.empty();
            }
            throw e;
        }
    }

    /// What the caller may see of documents, by their numbers; those he may not see are left out.
    ///
    /// @param documentIds at most 200
    /// @throws bank.platform.failure.FailureException when document-service refuses the caller
    public Map<Long, Content> contents(Collection<Long> documentIds) {
        if (documentIds.isEmpty()) {
            return Map.of();
        }
        var request =
                BatchGetDocumentsRequest.newBuilder().addAllIds(documentIds).build();
        return refusalsPassed(() -> documents.batchGetDocuments(request)).getDocumentsList().stream()
                .collect(Collectors.toMap(
                        row -> row.getDocument().getId(),
                        row -> new Content(row.getDocument().getDescription(), row.getLink())));
    }

    /// The token is the caller's, so what document-service says of it is for him to know.
    private static <T> T refusalsPassed(Supplier<T> call) {
        try {
            return call.get();
        } catch (StatusRuntimeException e) {
            throw switch (e.getStatus().getCode()) {
                case UNAUTHENTICATED, PERMISSION_DENIED ->
                    Failure.of(e).<RuntimeException>map(Failure::exception).orElse(e);
                default -> e;
            };
        }
    }
}
