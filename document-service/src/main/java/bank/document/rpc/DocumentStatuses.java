package bank.document.rpc;

import bank.document.blob.BlobStoreException;
import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.DocumentStatus;
import bank.platform.db.ConstraintViolatedException;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureTranslator;
import bank.platform.grpc.Call;
import io.grpc.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How failures of documents are told to callers.
public final class DocumentStatuses implements FailureTranslator {
    private static final Logger log = LoggerFactory.getLogger(DocumentStatuses.class);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(2);

    @Override
    public @Nullable Failure translate(RuntimeException exception) {
        return switch (exception) {
            case DocumentException known -> failure(known.failure());
            case BlobStoreException broken -> {
                log.error("the content store failed", broken);
                yield unavailable("STORAGE_UNAVAILABLE", "the content store does not answer now");
            }
            case ConstraintViolatedException violated ->
                switch (violated.constraint()) {
                    case "document_category_code", "document_category_name_ru", "document_category_name_en" ->
                        failure(new DocumentFailure.CategoryExists());
                    default -> null;
                };
            default -> null;
        };
    }

    private static Failure failure(DocumentFailure failure) {
        return switch (failure) {
            case DocumentFailure.DocumentNotFound(var id) -> Failure.notFound("document " + id);
            case DocumentFailure.VersionNotFound(var id, var version) ->
                Failure.notFound("version " + version + " of document " + id);
            case DocumentFailure.UserNotFound(var id) -> Failure.notFound("user " + id);
            case DocumentFailure.UploadNotFound() -> Failure.notFound("upload");
            case DocumentFailure.VersionForbidden() ->
                Failure.of(
                        Status.Code.PERMISSION_DENIED,
                        "VERSION_FORBIDDEN",
                        "earlier versions are for staff: leave version out");
            case DocumentFailure.InvalidField(var field, var description) ->
                Failure.invalid("INVALID_FIELD", field, description);
            case DocumentFailure.InvalidFileName(var description) ->
                Failure.invalid("FILE_NAME", "file_name", description);
            case DocumentFailure.UnknownCategory(var field, var value) ->
                Failure.invalid("UNKNOWN_CATEGORY", field, "no such category").with("category", value);
            case DocumentFailure.CategoryExists() ->
                Failure.of(Status.Code.ALREADY_EXISTS, "CATEGORY_EXISTS", "a category with this code or name exists");
            case DocumentFailure.TooManyCategories(var max) ->
                Failure.of(
                        Status.Code.RESOURCE_EXHAUSTED,
                        "TOO_MANY_CATEGORIES",
                        "there are " + max + " categories, and no more can be");
            case DocumentFailure.UnknownUser(var field, var id) ->
                Failure.invalid("UNKNOWN_USER", field, "no user " + id);
            case DocumentFailure.UnknownWorker(var id) ->
                Failure.invalid("UNKNOWN_WORKER", "worker_id", "no employee " + id);
            case DocumentFailure.WorkerMissing() ->
                Failure.invalid("WORKER_MISSING", "worker_id", "name the employee the change is written to");
            case DocumentFailure.WorkerForbidden(var id) ->
                Failure.of(
                                Status.Code.PERMISSION_DENIED,
                                "WORKER_FORBIDDEN",
                                "an employee writes changes to himself alone: leave worker_id out")
                        .with("worker_id", Long.toString(id));
            case DocumentFailure.IllegalStatusChange(var id, var from, var to) ->
                status(
                                "ILLEGAL_STATUS_CHANGE",
                                id,
                                "document " + id + " is " + from.code() + " and cannot become " + to.code())
                        .with("from", from.code())
                        .with("to", to.code());
            case DocumentFailure.StatusForbidsDeletion(var id, var now) ->
                status("STATUS_FORBIDS_DELETION", id, now, "deleted");
            case DocumentFailure.StatusForbidsReplacement(var id, var now) ->
                status("STATUS_FORBIDS_REPLACEMENT", id, now, "replaced");
            case DocumentFailure.DocumentHeld(var id, var holder) ->
                Failure.precondition(
                                "DOCUMENT_HELD", "HOLD", "document/" + id, "document " + id + " is held by " + holder)
                        .with("holder", holder);
            case DocumentFailure.FileMissing() -> Failure.invalid("FILE_MISSING", "file", "the upload has no file");
            case DocumentFailure.FileUnexpected(var documents) ->
                Failure.invalid("FILE_UNEXPECTED", "files", "more files than the " + documents + " documents");
            case DocumentFailure.EmptyFile() -> Failure.invalid("EMPTY_FILE", "file", "the file is empty");
            case DocumentFailure.ContentTooLarge(var bytesMax) -> tooLarge("a file", bytesMax);
            case DocumentFailure.ContentTooLargeToScan(var sizeBytes) ->
                Failure.of(
                        Status.Code.RESOURCE_EXHAUSTED,
                        "CONTENT_TOO_LARGE",
                        "the virus scanner takes no file of " + sizeBytes + " bytes, and nothing is stored unscanned");
            case DocumentFailure.BatchTooLarge(var bytesMax) -> tooLarge("a batch", bytesMax);
            case DocumentFailure.UnsupportedContent(var detected, var problem) ->
                Failure.invalid("MEDIA_TYPE", "file", "the content is " + detected + ": " + problem)
                        .with("media_type", detected);
            case DocumentFailure.DigestMismatch(var algorithm) ->
                Failure.invalid(
                        "DIGEST_MISMATCH", "content_digest", "the content has another " + algorithm + " digest");
            case DocumentFailure.DigestMalformed(var problem) ->
                Failure.invalid("DIGEST_MALFORMED", "content_digest", problem);
            case DocumentFailure.DigestUnsupported() ->
                Failure.invalid("DIGEST_UNSUPPORTED", "content_digest", "no digest by sha-256 or sha-512");
            case DocumentFailure.ContentInfected(var signature) ->
                Failure.invalid("CONTENT_INFECTED", "file", "the virus scanner found " + signature)
                        .with("signature", signature);
            case DocumentFailure.ScannerUnavailable() ->
                unavailable("SCANNER_UNAVAILABLE", "the virus scanner does not answer now");
            case DocumentFailure.UploadTooSlow(var timeMax, var silenceMax) ->
                Failure.of(
                        Status.Code.DEADLINE_EXCEEDED,
                        "UPLOAD_TOO_SLOW",
                        "the file took longer than " + timeMax.toSeconds() + " s, or nothing came for "
                                + silenceMax.toSeconds() + " s");
            case DocumentFailure.TooManyUploads() ->
                unavailable("TOO_MANY_UPLOADS", "as many uploads as possible are under way");
            case DocumentFailure.TooManyUploadsOfCaller(var max) ->
                Failure.of(
                                Status.Code.RESOURCE_EXHAUSTED,
                                "CALLER_UPLOADS_EXCEEDED",
                                "you have " + max + " uploads under way: wait until one ends")
                        .retryAfter(RETRY_PAUSE);
            case DocumentFailure.TooManyOpenUploads(var max) ->
                Failure.of(
                        Status.Code.RESOURCE_EXHAUSTED,
                        "TOO_MANY_OPEN_UPLOADS",
                        "you have " + max + " uploads open: finish one, or wait until one ends");
            case DocumentFailure.UploadExpired() ->
                Failure.of(Status.Code.ABORTED, "UPLOAD_EXPIRED", "storing the file took too long: send it again");
            case DocumentFailure.UploadIncomplete() ->
                Failure.precondition("UPLOAD_INCOMPLETE", "CONTENT", "upload", "nothing was put to the upload's URL");
            case DocumentFailure.SizeMismatch(var expected, var found) ->
                Failure.precondition(
                                "SIZE_MISMATCH",
                                "CONTENT",
                                "upload",
                                "the upload should have " + expected + " bytes and has " + found)
                        .with("expected", Long.toString(expected))
                        .with("found", Long.toString(found));
            case DocumentFailure.RangeUnsatisfiable(var sizeBytes) -> {
                Call.current().answerHttp("Content-Range", "bytes */" + sizeBytes);
                yield Failure.of(Status.Code.OUT_OF_RANGE, "RANGE", "the content has " + sizeBytes + " bytes")
                        .with("size_bytes", Long.toString(sizeBytes));
            }
            case DocumentFailure.WatchPositionGone(var position) ->
                Failure.of(
                        Status.Code.OUT_OF_RANGE,
                        "WATCH_POSITION_GONE",
                        "changes after " + position + " are not kept: list the documents, then watch without it");
            case DocumentFailure.WatcherTooSlow() ->
                Failure.of(
                                Status.Code.RESOURCE_EXHAUSTED,
                                "WATCHER_TOO_SLOW",
                                "you do not take what there is: resume after the last id you have")
                        .retryAfter(RETRY_PAUSE);
            case DocumentFailure.TooManyWatches() ->
                unavailable("DOCUMENT_WATCHES_EXCEEDED", "as many as possible watch");
            case DocumentFailure.TooManyWatchesOfCaller(var max) ->
                Failure.of(
                                Status.Code.RESOURCE_EXHAUSTED,
                                "CALLER_WATCHES_EXCEEDED",
                                "you watch " + max + " times: end one of them")
                        .retryAfter(RETRY_PAUSE);
            case DocumentFailure.WatchEnded() ->
                unavailable("WATCH_ENDED", "the service stops: resume after the last id you have");
            case DocumentFailure.ContentBroken(var id, var version) ->
                Failure.of(
                                Status.Code.INTERNAL,
                                "CONTENT_BROKEN",
                                "the stored content is broken: tell us the request id "
                                        + Call.current().requestId())
                        .with("document_id", Long.toString(id))
                        .with("version", Integer.toString(version));
        };
    }

    private static Failure status(String reason, long id, DocumentStatus now, String done) {
        return status(reason, id, "document " + id + " is " + now.code() + " and cannot be " + done)
                .with("status", now.code());
    }

    private static Failure status(String reason, long id, String message) {
        return Failure.precondition(reason, "STATUS", "document/" + id, message);
    }

    private static Failure tooLarge(String what, long bytesMax) {
        return Failure.of(
                        Status.Code.RESOURCE_EXHAUSTED,
                        "CONTENT_TOO_LARGE",
                        what + " may have " + bytesMax + " bytes at most")
                .with("bytes_max", Long.toString(bytesMax));
    }

    private static Failure unavailable(String reason, String message) {
        return Failure.of(Status.Code.UNAVAILABLE, reason, message).retryAfter(RETRY_PAUSE);
    }
}
