package bank.contract;

import bank.contract.model.LinkKey;
import bank.platform.auth.Principal;
import bank.platform.failure.Failure;
import bank.platform.grpc.Answer;
import bank.platform.grpc.Call;
import bank.platform.grpc.GrpcServer;
import bank.v1.BatchGetDocumentsRequest;
import bank.v1.BatchGetDocumentsResponse;
import bank.v1.Document;
import bank.v1.DocumentHoldServiceGrpc;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.DocumentServiceGrpc;
import bank.v1.GetDocumentRequest;
import bank.v1.HoldDocumentRequest;
import bank.v1.HoldDocumentResponse;
import bank.v1.LinkedDocument;
import bank.v1.ReleaseDocumentRequest;
import bank.v1.ReleaseDocumentResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// document-service as far as contract-service needs it, by the words of its protos. Its holds can be
/// made to fail before or after they took effect.
final class TestDocuments implements AutoCloseable {
    /// What happens around a hold or release. Runs on the thread of the call and may throw or wait.
    interface Fault {
        Fault NONE = (document, held) -> {};

        void strike(long document, boolean held);
    }

    private record Held(boolean held, long generation) {}

    final AtomicInteger holdCalls = new AtomicInteger();
    volatile Fault before = Fault.NONE;
    volatile Fault after = Fault.NONE;
    private final Map<Long, Document> documents = new ConcurrentHashMap<>();
    private final Map<String, Held> holds = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong(788);
    private final GrpcServer server;

    TestDocuments(TestIdentity identity) {
        this.server = TestIdentity.serve(identity, List.of(new Reviews(), new Documents(), new Holds()));
    }

    static Fault unavailable() {
        return (document, held) -> {
            throw Failure.of(Status.Code.UNAVAILABLE, "DATABASE_UNAVAILABLE", "down")
                    .exception();
        };
    }

    String address() {
        return "127.0.0.1:" + server.port();
    }

    long add(long owner, String description) {
        var id = lastId.incrementAndGet();
        documents.put(
                id,
                Document.newBuilder()
                        .setId(id)
                        .setUserId(owner)
                        .setDescription(description)
                        .build());
        return id;
    }

    void delete(long id) {
        documents.remove(id);
    }

    boolean held(long contractId, long documentId) {
        var hold = holds.get(documentId + "/" + new LinkKey(contractId, documentId).holder());
        return hold != null && hold.held();
    }

    @Override
    public void close() {
        server.close();
    }

    private Optional<Document> visible(long id) {
        return Optional.ofNullable(documents.get(id))
                .filter(document -> switch (Call.current().principal()) {
                    case Principal.User user -> user.staff() || user.id() == document.getUserId();
                    case Principal.Machine machine -> true;
                    case Principal.Anonymous nobody -> false;
                });
    }

    private boolean set(long document, String holder, long generation, boolean held) {
        holdCalls.incrementAndGet();
        before.strike(document, held);
        var key = document + "/" + holder;
        Held now;
        if (Call.current().validateOnly()) {
            var known = holds.getOrDefault(key, new Held(false, 0));
            now = generation > known.generation() ? new Held(held, generation) : known;
        } else {
            now = holds.merge(
                    key,
                    new Held(held, generation),
                    (known, given) -> given.generation() > known.generation() ? given : known);
        }
        after.strike(document, held);
        return now.held();
    }

    private final class Reviews extends DocumentReviewServiceGrpc.DocumentReviewServiceImplBase {
        @Override
        public void getDocument(GetDocumentRequest request, StreamObserver<Document> observer) {
            Answer.one(
                    observer,
                    visible(request.getId())
                            .orElseThrow(() -> Failure.notFound("document " + request.getId())
                                    .exception()));
        }
    }

    private final class Documents extends DocumentServiceGrpc.DocumentServiceImplBase {
        @Override
        public void batchGetDocuments(
                BatchGetDocumentsRequest request, StreamObserver<BatchGetDocumentsResponse> observer) {
            var answer = BatchGetDocumentsResponse.newBuilder();
            request.getIdsList().stream()
                    .sorted()
                    .flatMap(id -> visible(id).stream())
                    .forEach(document -> answer.addDocuments(LinkedDocument.newBuilder()
                            .setDocument(document)
                            .setLink("https://s3.test/" + document.getId())));
            Answer.one(observer, answer.build());
        }
    }

    private final class Holds extends DocumentHoldServiceGrpc.DocumentHoldServiceImplBase {
        @Override
        public void holdDocument(HoldDocumentRequest request, StreamObserver<HoldDocumentResponse> observer) {
            if (!documents.containsKey(request.getDocumentId())) {
                throw Failure.notFound("document " + request.getDocumentId()).exception();
            }
            var held = set(request.getDocumentId(), request.getHolder(), request.getGeneration(), true);
            Answer.one(observer, HoldDocumentResponse.newBuilder().setHeld(held).build());
        }

        @Override
        public void releaseDocument(ReleaseDocumentRequest request, StreamObserver<ReleaseDocumentResponse> observer) {
            var held = set(request.getDocumentId(), request.getHolder(), request.getGeneration(), false);
            Answer.one(
                    observer, ReleaseDocumentResponse.newBuilder().setHeld(held).build());
        }
    }
}
