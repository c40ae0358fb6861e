package bank.contract.client;

import bank.contract.model.LinkKey;
import bank.v1.DocumentHoldServiceGrpc;
import bank.v1.DocumentHoldServiceGrpc.DocumentHoldServiceBlockingStub;
import bank.v1.HoldDocumentRequest;
import bank.v1.ReleaseDocumentRequest;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.TimeUnit;

/// Holds of documents against deletion, at document-service.
public final class HoldClient {
    /// A release is tried while a caller waits who would be answered the same without it.
    private static final int RELEASE_SECONDS_MAX = 3;

    private final DocumentHoldServiceBlockingStub holds;

    /// @param asService channel to document-service whose calls carry this service's own token, scope
    ///     `documents:hold`
    public HoldClient(Channel asService) {
        this.holds = DocumentHoldServiceGrpc.newBlockingStub(asService);
    }

    /// What became of a hold.
    public enum Held {
        /// The document is held.
        YES,
        /// It is not: a later release was there first.
        RELEASED_SINCE,
        /// There is no such document.
        DOCUMENT_GONE
    }

    /// Holds a document for a link.
    public Held hold(LinkKey key, long generation) {
        try {
            var answer = holds.holdDocument(HoldDocumentRequest.newBuilder()
                    .setDocumentId(key.documentId())
                    .setHolder(key.holder())
                    .setGeneration(generation)
                    .build());
            return answer.getHeld() ? Held.YES : Held.RELEASED_SINCE;
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return Held.DOCUMENT_GONE;
            }
            throw e;
        }
    }

    /// Ends the hold of a link, unless a later one was there first.
    public void release(LinkKey key, long generation) {
        holds.withDeadlineAfter(RELEASE_SECONDS_MAX, TimeUnit.SECONDS)
                .releaseDocument(ReleaseDocumentRequest.newBuilder()
                        .setDocumentId(key.documentId())
                        .setHolder(key.holder())
                        .setGeneration(generation)
                        .build());
    }
}
