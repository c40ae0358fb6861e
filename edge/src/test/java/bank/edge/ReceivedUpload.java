package bank.edge;

import bank.platform.failure.Failure;
import bank.v1.DocumentForm;
import bank.v1.DocumentStatus;
import bank.v1.FileHeader;
import bank.v1.UploadDocumentRequest;
import bank.v1.UploadDocumentResponse;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;

/// Takes one upload as document-service does, and tells a test how it ended.
final class ReceivedUpload implements StreamObserver<UploadDocumentRequest> {
    /// Files of this name, and forms of this category, are refused at once.
    static final String REFUSED = "refused.pdf";

    private final StreamObserver<UploadDocumentResponse> answer;
    private final DocumentForm.Builder form = DocumentForm.newBuilder();
    private final MessageDigest digest = sha256();
    private FileHeader header = FileHeader.getDefaultInstance();
    private long size;
    private int chunkBytesMax;
    private boolean done;

    /// Completed with the upload when its stream ends well, with the cause when it is cancelled.
    final CompletableFuture<ReceivedUpload> end = new CompletableFuture<>();

    /// Completed when the first bytes of the file are here.
    final CompletableFuture<Void> begun = new CompletableFuture<>();

    ReceivedUpload(StreamObserver<UploadDocumentResponse> answer) {
        this.answer = answer;
        Context.current()
                .addListener(_ -> end.completeExceptionally(new IllegalStateException("cancelled")), Runnable::run);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void onNext(UploadDocumentRequest message) {
        switch (message.getPartCase()) {
            case FORM -> {
                form.mergeFrom(message.getForm());
                if (form.getCategory().equals(REFUSED)) {
                    done = true;
                    answer.onError(Failure.invalid("INVALID_FIELD", "form.category", "not a category")
                            .toStatus());
                }
            }
            case FILE -> {
                header = message.getFile();
                if (header.getFileName().equals(REFUSED)) {
                    done = true;
                    answer.onError(Failure.invalid("MEDIA_TYPE", "file", "not a document")
                            .toStatus());
                }
            }
            case CHUNK -> {
                size += message.getChunk().size();
                chunkBytesMax = Math.max(chunkBytesMax, message.getChunk().size());
                digest.update(message.getChunk().toByteArray());
                begun.complete(null);
            }
            case PART_NOT_SET -> {}
        }
    }

    @Override
    public void onError(Throwable cause) {
        end.completeExceptionally(cause);
    }

    @Override
    public void onCompleted() {
        if (done) {
            return;
        }
        String sha256 = HexFormat.of().formatHex(digest.digest());
        answer.onNext(UploadDocumentResponse.newBuilder()
                .setDocumentId(789)
                .setStatus(DocumentStatus.DOCUMENT_STATUS_PENDING)
                .setFileName(header.getFileName())
                .setMediaType(form.getDescription())
                .setSizeBytes(size)
                .setDigest("sha-256:" + sha256)
                .setEtag("1")
                .build());
        answer.onCompleted();
        end.complete(this);
    }

    DocumentForm form() {
        return form.build();
    }

    FileHeader header() {
        return header;
    }

    long size() {
        return size;
    }

    int chunkBytesMax() {
        return chunkBytesMax;
    }
}
