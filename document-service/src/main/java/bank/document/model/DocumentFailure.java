package bank.document.model;

import java.time.Duration;

/// What can go wrong with a document, for a reason the caller can know.
public sealed interface DocumentFailure {
    /// There is no such document, or it is not the caller's to know of.
    record DocumentNotFound(long id) implements DocumentFailure {}

    /// The document has no such version.
    record VersionNotFound(long id, int version) implements DocumentFailure {}

    /// The user is not the caller's to know of.
    record UserNotFound(long id) implements DocumentFailure {}

    /// There is no such presigned upload, or it has ended.
    record UploadNotFound() implements DocumentFailure {}

    /// Earlier versions are for staff.
    record VersionForbidden() implements DocumentFailure {}

    /// A field of the request has a value it cannot have.
    record InvalidField(String field, String description) implements DocumentFailure {}

    /// The file cannot have that name.
    record InvalidFileName(String description) implements DocumentFailure {}

    /// There is no such category.
    record UnknownCategory(String field, String value) implements DocumentFailure {}

    /// A category has that code or name.
    record CategoryExists() implements DocumentFailure {}

    /// There are as many categories as there can be.
    record TooManyCategories(int max) implements DocumentFailure {}

    /// There is no such user to own a document.
    record UnknownUser(String field, long id) implements DocumentFailure {}

    /// There is no such employee.
    record UnknownWorker(long id) implements DocumentFailure {}

    /// A machine client must name the employee.
    record WorkerMissing() implements DocumentFailure {}

    /// An employee may write a change to himself alone.
    record WorkerForbidden(long id) implements DocumentFailure {}

    /// The status machine has no such step.
    record IllegalStatusChange(long id, DocumentStatus from, DocumentStatus to) implements DocumentFailure {}

    /// The status forbids to delete the document.
    record StatusForbidsDeletion(long id, DocumentStatus status) implements DocumentFailure {}

    /// The status forbids to replace the content.
    record StatusForbidsReplacement(long id, DocumentStatus status) implements DocumentFailure {}

    /// Somebody holds the document against deletion.
    record DocumentHeld(long id, String holder) implements DocumentFailure {}

    /// The upload has no file.
    record FileMissing() implements DocumentFailure {}

    /// More files came than were told of.
    record FileUnexpected(int documents) implements DocumentFailure {}

    /// The file has no bytes.
    record EmptyFile() implements DocumentFailure {}

    /// The file has more bytes than allowed.
    record ContentTooLarge(long bytesMax) implements DocumentFailure {}

    /// The virus scanner takes no content of so many bytes.
    record ContentTooLargeToScan(long sizeBytes) implements DocumentFailure {}

    /// The files of a batch have more bytes together than allowed.
    record BatchTooLarge(long bytesMax) implements DocumentFailure {}

    /// The content is of no kind that documents have, or damaged.
    record UnsupportedContent(String detected, String problem) implements DocumentFailure {}

    /// The content has another digest than its sender promised.
    record DigestMismatch(String algorithm) implements DocumentFailure {}

    /// The promised digest cannot be read.
    record DigestMalformed(String problem) implements DocumentFailure {}

    /// No digest is promised by an algorithm known here.
    record DigestUnsupported() implements DocumentFailure {}

    /// The virus scanner found something.
    record ContentInfected(String signature) implements DocumentFailure {}

    /// The virus scanner does not answer.
    record ScannerUnavailable() implements DocumentFailure {}

    /// The content took longer to come than allowed, or stopped coming.
    record UploadTooSlow(Duration timeMax, Duration silenceMax) implements DocumentFailure {}

    /// More uploads are under way than allowed.
    record TooManyUploads() implements DocumentFailure {}

    /// The caller has as many uploads under way as one caller may.
    record TooManyUploadsOfCaller(int max) implements DocumentFailure {}

    /// The caller has more presigned uploads open than allowed.
    record TooManyOpenUploads(int max) implements DocumentFailure {}

    /// The upload took so long that what it stored was cleared away.
    record UploadExpired() implements DocumentFailure {}

    /// Nothing was put to the presigned URL.
    record UploadIncomplete() implements DocumentFailure {}

    /// Something of another size was put to the presigned URL.
    record SizeMismatch(long expected, long found) implements DocumentFailure {}

    /// The range lies outside of the content.
    record RangeUnsatisfiable(long sizeBytes) implements DocumentFailure {}

    /// Changes after that place in the log are not kept any more, or never were.
    record WatchPositionGone(long position) implements DocumentFailure {}

    /// Who watches does not take what there is for him.
    record WatcherTooSlow() implements DocumentFailure {}

    /// More watch than allowed.
    record TooManyWatches() implements DocumentFailure {}

    /// The caller watches as often as one caller may.
    record TooManyWatchesOfCaller(int max) implements DocumentFailure {}

    /// The service stops.
    record WatchEnded() implements DocumentFailure {}

    /// The stored content is not what it was.
    record ContentBroken(long id, int version) implements DocumentFailure {}
}
