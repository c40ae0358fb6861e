package bank.edge;

import bank.platform.failure.Failure;
import bank.platform.grpc.Answer;
import bank.platform.grpc.Call;
import bank.v1.BatchGetDocumentsRequest;
import bank.v1.BatchGetDocumentsResponse;
import bank.v1.Document;
import bank.v1.DocumentServiceGrpc;
import bank.v1.DownloadDocumentRequest;
import bank.v1.LinkedDocument;
import bank.v1.ReplaceContentRequest;
import bank.v1.ReplaceContentResponse;
import bank.v1.UpdateDocumentRequest;
import bank.v1.UpdateDocumentResponse;
import bank.v1.UploadDocumentRequest;
import bank.v1.UploadDocumentResponse;
import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// Document-service as far as the edge can tell, telling back what it got.
final class TestDocumentService extends DocumentServiceGrpc.DocumentServiceImplBase {
    static final byte[] CONTENT = "%PDF-1.7 Договор аренды".getBytes(StandardCharsets.UTF_8);
    static final long ENDLESS = 7;
    static final long BREAKS = 8;
    static final long MISSING = 404;

    /// A range that cannot be met, told by [#translate].
    private static final class NoSuchRangeException extends RuntimeException {}

    static @Nullable Failure translate(RuntimeException exception) {
        if (exception instanceof NoSuchRangeException) {
            Call.current().answerHttp("Content-Range", "bytes */" + CONTENT.length);
            return Failure.of(Status.Code.OUT_OF_RANGE, "RANGE", "no such range");
        }
        return null;
    }

    final BlockingQueue<ReceivedUpload> uploads = new LinkedBlockingQueue<>();
    final CompletableFuture<Void> endlessCancelled = new CompletableFuture<>();

    @Override
    public StreamObserver<UploadDocumentRequest> uploadDocument(StreamObserver<UploadDocumentResponse> answer) {
        var upload = new ReceivedUpload(answer);
        uploads.add(upload);
        return upload;
    }

    @Override
    public StreamObserver<ReplaceContentRequest> replaceContent(StreamObserver<ReplaceContentResponse> answer) {
        return new StreamObserver<>() {
            private final ReplaceContentResponse.Builder result = ReplaceContentResponse.newBuilder();
            private boolean first = true;

            @Override
            public void onNext(ReplaceContentRequest message) {
                if (first) {
                    result.setDocumentId(message.getId());
                    first = false;
                }
                if (message.hasFile()) {
                    result.setFileName(message.getFile().getFileName());
                    result.setDigest(message.getFile().getContentDigest());
                }
                result.setSizeBytes(result.getSizeBytes() + message.getChunk().size());
            }

            @Override
            public void onError(Throwable cause) {
                // Cancelled: nothing is kept.
            }

            @Override
            public void onCompleted() {
                Answer.one(answer, result.build());
            }
        };
    }

    @Override
    public void updateDocument(UpdateDocumentRequest request, StreamObserver<UpdateDocumentResponse> answer) {
        Answer.one(
                answer,
                UpdateDocumentResponse.newBuilder()
                        .setDocumentId(request.getId())
                        .setNewValue(String.join(",", request.getUpdateMask().getPathsList()))
                        .setEtag("2")
                        .build());
    }

    @Override
    public void batchGetDocuments(BatchGetDocumentsRequest request, StreamObserver<BatchGetDocumentsResponse> answer) {
        var response = BatchGetDocumentsResponse.newBuilder();
        request.getIdsList()
                .forEach(id -> response.addDocuments(LinkedDocument.newBuilder()
                        .setDocument(Document.newBuilder().setId(id))));
        Answer.one(answer, response.build());
    }

    @Override
    public void downloadDocument(DownloadDocumentRequest request, StreamObserver<HttpBody> answer) {
        if (request.getId() == ENDLESS) {
            endless((ServerCallStreamObserver<HttpBody>) answer);
            return;
        }
        if (request.getId() == MISSING) {
            throw Failure.notFound("document").exception();
        }
        var call = Call.current();
        call.answerHttp("ETag", "\"sha-256:abc\"");
        call.answerHttp("Content-Type", "application/pdf");
        call.answerHttp("Accept-Ranges", "bytes");
        call.answerHttp("Content-Disposition", "attachment; filename*=UTF-8''%D0%94.pdf");
        String range = call.header("range");
        byte[] content = CONTENT;
        if ("bytes=0-3".equals(range)) {
            content = "%PDF".getBytes(StandardCharsets.US_ASCII);
            call.answerStatus(206);
            call.answerHttp("Content-Range", "bytes 0-3/" + CONTENT.length);
        } else if (range != null) {
            throw new NoSuchRangeException();
        }
        boolean breaks = request.getId() == BREAKS;
        call.answerHttp("Content-Length", Integer.toString(content.length));
        for (int i = 0; i < content.length; i += 10) {
            answer.onNext(HttpBody.newBuilder()
                    .setContentType("application/pdf")
                    .setData(ByteString.copyFrom(content, i, Math.min(10, content.length - i)))
                    .build());
            if (breaks) {
                throw Failure.of(Status.Code.UNAVAILABLE, "STORAGE_UNAVAILABLE", "storage is gone")
                        .exception();
            }
        }
        answer.onCompleted();
    }

    private void endless(ServerCallStreamObserver<HttpBody> answer) {
        answer.setOnCancelHandler(() -> endlessCancelled.complete(null));
        var piece = HttpBody.newBuilder()
                .setContentType("application/octet-stream")
                .setData(ByteString.copyFrom(new byte[64 * 1024]))
                .build();
        answer.setOnReadyHandler(() -> {
            while (answer.isReady()) {
                answer.onNext(piece);
            }
        });
    }
}
