package bank.document.rpc;

import bank.document.domain.DocumentHolds;
import bank.platform.grpc.Answer;
import bank.platform.idempotency.Mutations;
import bank.v1.DocumentHoldServiceGrpc.DocumentHoldServiceImplBase;
import bank.v1.HoldDocumentRequest;
import bank.v1.HoldDocumentResponse;
import bank.v1.ReleaseDocumentRequest;
import bank.v1.ReleaseDocumentResponse;
import io.grpc.stub.StreamObserver;

/// Holds of documents against deletion, for other services.
public final class DocumentHoldGrpcService extends DocumentHoldServiceImplBase {
    private final DocumentHolds holds;
    private final Mutations mutations;

    public DocumentHoldGrpcService(DocumentHolds holds, Mutations mutations) {
        this.holds = holds;
        this.mutations = mutations;
    }

    @Override
    public void holdDocument(HoldDocumentRequest request, StreamObserver<HoldDocumentResponse> observer) {
        Answer.one(
                observer,
                mutations.run(
                        request,
                        HoldDocumentResponse.getDefaultInstance(),
                        tx -> HoldDocumentResponse.newBuilder()
                                .setHeld(holds.hold(
                                        tx, request.getDocumentId(), request.getHolder(), request.getGeneration()))
                                .build()));
    }

    @Override
    public void releaseDocument(ReleaseDocumentRequest request, StreamObserver<ReleaseDocumentResponse> observer) {
        Answer.one(
                observer,
                mutations.run(
                        request,
                        ReleaseDocumentResponse.getDefaultInstance(),
                        tx -> ReleaseDocumentResponse.newBuilder()
                                .setHeld(holds.release(
                                        tx, request.getDocumentId(), request.getHolder(), request.getGeneration()))
                                .build()));
    }
}
