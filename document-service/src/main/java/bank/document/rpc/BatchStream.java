package bank.document.rpc;

import bank.document.client.BankUser;
import bank.document.client.UserDirectory;
import bank.document.domain.Categories;
import bank.document.domain.Documents;
import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.FileName;
import bank.platform.failure.FailureTranslator;
import bank.platform.grpc.Answer;
import bank.platform.grpc.Call;
import bank.platform.grpc.Headers;
import bank.platform.idempotency.Mutations;
import bank.platform.idempotency.Repeat;
import bank.v1.BatchDocument;
import bank.v1.BatchForm;
import bank.v1.BatchUploadDocumentsRequest;
import bank.v1.BatchUploadDocumentsResponse;
import bank.v1.FileHeader;
import bank.v1.UploadDocumentResponse;
import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One running BatchUploadDocuments. Each file is checked and its content kept as soon as it is whole; all
/// become documents, each by itself, when the batch has ended well. One that cannot be stored is told in
/// the answer and does not stop the others; a fault of the idempotency key concerns the whole call.
///
/// Once something was stored, the key belongs to this batch: its list, and name and content of every file. The answer
/// is kept whole for repeats, failures with it, unless one of them may pass: then a repeat tries the missing ones
/// again.
public final class BatchStream implements StreamObserver<BatchUploadDocumentsRequest> {
    /// What a batch works with.
    ///
    /// @param filesMax most documents in a batch
    /// @param bytesMax most bytes of all its files together
    /// @param fileBytesMax most bytes of one of them
    public record Parts(
            Intake intake,
            Documents documents,
            Categories categories,
            UserDirectory users,
            FailureTranslator translator,
            int filesMax,
            long bytesMax,
            long fileBytesMax) {}

    /// A file whose content is kept, and its place in the list.
    private record Kept(int index, Intake.Pending<UploadDocumentResponse> pending) {}

    private final Parts parts;
    private final StreamObserver<BatchUploadDocumentsResponse> answer;
    private final BatchResult result;
    private final BatchIdentity identity = new BatchIdentity();
    private @Nullable BatchForm form;
    private @Nullable Repeat whole;
    private Map<Long, BankUser> owners = Map.of();
    private final Deque<Kept> kept = new ArrayDeque<>();
    private int index = -1;
    private long bytes;
    private @Nullable IncomingFile file;

    BatchStream(Parts parts, StreamObserver<BatchUploadDocumentsResponse> answer) {
        this.parts = parts;
        this.answer = answer;
        this.result = new BatchResult(parts.translator());
    }

    @Override
    public void onNext(BatchUploadDocumentsRequest message) {
        switch (message.getPartCase()) {
            case FORM -> begin(message.getForm());
            case FILE -> {
                finishFile();
                index++;
                identity.file(message.getFile().getFileName());
                openFile(message.getFile());
            }
            case CHUNK -> write(message.getChunk());
            case PART_NOT_SET -> {}
        }
    }

    @Override
    public void onError(Throwable t) {
        giveUp();
    }

    @Override
    public void onCompleted() {
        BatchUploadDocumentsResponse told;
        try {
            finishFile();
            var request = identity.finish(form());
            whole = request;
            told = parts.intake()
                    .mutations()
                    .replayWhole(request, BatchUploadDocumentsResponse.getDefaultInstance())
                    .orElseGet(() -> store(request));
        } finally {
            giveUp();
        }
        Answer.one(answer, told);
    }

    private BatchUploadDocumentsResponse store(Repeat request) {
        var replayed = true;
        for (var next = kept.poll(); next != null; next = kept.poll()) {
            var pending = next.pending();
            replayed &= pending.replayed();
            attempt(next.index(), () -> result.stored(pending.commit().getDocumentId()));
        }
        for (var missing = index + 1; missing < form().getDocumentsCount(); missing++) {
            result.failed(missing, new DocumentException(new DocumentFailure.FileMissing()));
        }
        if (replayed && result.anyStored()) {
            Call.current().answer(Headers.IDEMPOTENCY_REPLAYED, "true");
        }
        var told = result.answer();
        if (result.isFinal()) {
            parts.intake().mutations().keep(request, told);
        }
        return told;
    }

    private void begin(BatchForm given) {
        if (form != null) {
            throw new DocumentException(new DocumentFailure.InvalidField("documents", "given twice"));
        }
        if (given.getDocumentsCount() > parts.filesMax()) {
            throw new DocumentException(
                    new DocumentFailure.InvalidField("documents", "more than " + parts.filesMax() + " in one batch"));
        }
        form = given;
        owners = parts.users()
                .find(given.getDocumentsList().stream()
                        .map(BatchDocument::getUserId)
                        .filter(id -> id > 0)
                        .distinct()
                        .toList());
    }

    private void openFile(FileHeader header) {
        if (index >= form().getDocumentsCount() + parts.filesMax()) {
            throw new DocumentException(new DocumentFailure.FileUnexpected(form().getDocumentsCount()));
        }
        attempt(index, () -> {
            if (index >= form().getDocumentsCount()) {
                throw new DocumentException(new DocumentFailure.FileUnexpected(form().getDocumentsCount()));
            }
            var owner = form().getDocuments(index).getUserId();
            if (!owners.containsKey(owner)) {
                throw new DocumentException(new DocumentFailure.UnknownUser("user_id", owner));
            }
            var opened = new IncomingFile(parts.intake().uploads(), parts.fileBytesMax());
            opened.open(header);
            file = opened;
        });
    }

    private void write(ByteString chunk) {
        if (index < 0) {
            throw new DocumentException(new DocumentFailure.FileMissing());
        }
        bytes += chunk.size();
        if (bytes > parts.bytesMax()) {
            throw new DocumentException(new DocumentFailure.BatchTooLarge(parts.bytesMax()));
        }
        identity.chunk(chunk);
        var open = file;
        if (open != null) {
            attempt(index, () -> open.write(chunk));
        }
    }

    private void finishFile() {
        var open = file;
        if (open != null) {
            attempt(index, () -> kept.add(new Kept(index, keep(form().getDocuments(index), open))));
            closeFile();
        }
    }

    private Intake.Pending<UploadDocumentResponse> keep(BatchDocument document, IncomingFile open) {
        var content = open.finish();
        var name = FileName.ofNullable(open.name());
        var details = DocumentForms.details(document);
        var caller = Call.current().principal();
        return parts.intake()
                .prepare(
                        Repeat.of(document, content.digest() + "/" + (name == null ? "" : name.value()))
                                .part(Integer.toString(index)),
                        UploadDocumentResponse.getDefaultInstance(),
                        name,
                        content,
                        () -> parts.categories().require(details),
                        (tx, checked, object) -> {
                            parts.intake().mutations().tie(tx, Objects.requireNonNull(whole));
                            return DocumentProtos.uploaded(parts.documents()
                                    .create(tx, document.getUserId(), caller, details, checked, object));
                        });
    }

    /// Runs a step of the file at hand; when it fails, the file is told as failed and the rest of it skipped.
    private void attempt(int at, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            if (Context.current().isCancelled() || Mutations.concernsKey(e)) {
                throw e;
            }
            result.failed(at, e);
            closeFile();
        }
    }

    private void giveUp() {
        closeFile();
        for (var next = kept.poll(); next != null; next = kept.poll()) {
            next.pending().abandon();
        }
    }

    private void closeFile() {
        var open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }

    private BatchForm form() {
        if (form == null) {
            throw new DocumentException(
                    new DocumentFailure.InvalidField("documents", "the list of documents comes first"));
        }
        return form;
    }
}
