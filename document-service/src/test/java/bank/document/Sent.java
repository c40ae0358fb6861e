package bank.document;

import bank.v1.BatchForm;
import bank.v1.BatchUploadDocumentsRequest;
import bank.v1.BatchUploadDocumentsResponse;
import bank.v1.DocumentForm;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.DocumentServiceGrpc;
import bank.v1.FileHeader;
import bank.v1.ReplaceContentRequest;
import bank.v1.ReplaceContentResponse;
import bank.v1.UploadDocumentRequest;
import bank.v1.UploadDocumentResponse;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// Client streams of the service, sent whole.
final class Sent {
    private static final int CHUNK_BYTES = 64 * 1024;

    private Sent() {}

    /// A file of a batch.
    record File(FileHeader header, byte[] content) {
        static File of(String name, byte[] content) {
            return new File(FileHeader.newBuilder().setFileName(name).build(), content);
        }
    }

    static UploadDocumentResponse upload(DocumentServiceExtension.Caller caller, String name, byte[] content) {
        return upload(caller, DocumentForm.getDefaultInstance(), name, content);
    }

    static UploadDocumentResponse upload(
            DocumentServiceExtension.Caller caller, DocumentForm form, String name, byte[] content) {
        return upload(caller, form, FileHeader.newBuilder().setFileName(name).build(), content);
    }

    static UploadDocumentResponse upload(
            DocumentServiceExtension.Caller caller, DocumentForm form, FileHeader header, byte[] content) {
        var messages = new ArrayList<UploadDocumentRequest>();
        messages.add(UploadDocumentRequest.newBuilder().setForm(form).build());
        messages.add(UploadDocumentRequest.newBuilder().setFile(header).build());
        chunks(content)
                .forEach(chunk -> messages.add(
                        UploadDocumentRequest.newBuilder().setChunk(chunk).build()));
        return upload(caller, messages);
    }

    static UploadDocumentResponse upload(DocumentServiceExtension.Caller caller, List<UploadDocumentRequest> messages) {
        return send(DocumentServiceGrpc.newStub(caller.channel())::uploadDocument, messages);
    }

    static ReplaceContentResponse replace(
            DocumentServiceExtension.Caller caller, long id, String name, byte[] content) {
        var messages = new ArrayList<ReplaceContentRequest>();
        messages.add(ReplaceContentRequest.newBuilder()
                .setId(id)
                .setFile(FileHeader.newBuilder().setFileName(name))
                .build());
        chunks(content)
                .forEach(chunk -> messages.add(
                        ReplaceContentRequest.newBuilder().setChunk(chunk).build()));
        return send(DocumentServiceGrpc.newStub(caller.channel())::replaceContent, messages);
    }

    static BatchUploadDocumentsResponse batch(
            DocumentServiceExtension.Caller caller, BatchForm form, List<File> files) {
        var messages = new ArrayList<BatchUploadDocumentsRequest>();
        messages.add(BatchUploadDocumentsRequest.newBuilder().setForm(form).build());
        for (var file : files) {
            messages.add(BatchUploadDocumentsRequest.newBuilder()
                    .setFile(file.header())
                    .build());
            chunks(file.content())
                    .forEach(chunk -> messages.add(BatchUploadDocumentsRequest.newBuilder()
                            .setChunk(chunk)
                            .build()));
        }
        return send(DocumentReviewServiceGrpc.newStub(caller.channel())::batchUploadDocuments, messages);
    }

    private static List<ByteString> chunks(byte[] content) {
        var chunks = new ArrayList<ByteString>();
        for (var at = 0; at < content.length; at += CHUNK_BYTES) {
            chunks.add(UnsafeByteOperations.unsafeWrap(content, at, Math.min(CHUNK_BYTES, content.length - at)));
        }
        return chunks;
    }

    private static <Q, A> A send(Function<StreamObserver<A>, StreamObserver<Q>> rpc, List<Q> messages) {
        var answer = new CompletableFuture<A>();
        var requests = rpc.apply(new StreamObserver<>() {
            @Override
            public void onNext(A value) {
                answer.complete(value);
            }

            @Override
            public void onError(Throwable t) {
                answer.completeExceptionally(t);
            }

            @Override
            public void onCompleted() {
                answer.completeExceptionally(new AssertionError("ended without an answer"));
            }
        });
        for (var message : messages) {
            if (answer.isDone()) {
                break;
            }
            requests.onNext(message);
        }
        if (!answer.isDone()) {
            requests.onCompleted();
        }
        try {
            return answer.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StatusRuntimeException status) {
                throw status;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
