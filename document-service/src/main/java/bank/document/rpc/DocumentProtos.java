package bank.document.rpc;

import bank.document.model.Category;
import bank.document.model.ContentVersion;
import bank.document.model.Document;
import bank.document.model.DocumentEvent;
import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.DocumentStatus;
import bank.document.model.DocumentSummary;
import bank.document.model.LoggedChange;
import bank.document.model.OperationStatus;
import bank.v1.Dictionary;
import bank.v1.DictionaryEntry;
import bank.v1.DocumentChange;
import bank.v1.DocumentEventType;
import bank.v1.DocumentSearchResult;
import bank.v1.DocumentVersion;
import bank.v1.ReplaceContentResponse;
import bank.v1.UploadDocumentResponse;
import bank.v1.UserDocument;
import bank.v1.WatchDocumentsResponse;
import com.google.protobuf.Timestamp;
import com.google.type.Date;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Documents as messages of `bank.v1`, and back.
final class DocumentProtos {
    private static final int YEAR_MAX = 9999;

    private DocumentProtos() {}

    static bank.v1.Document toProto(Document document) {
        var content = document.content();
        var proto = bank.v1.Document.newBuilder()
                .setId(document.id())
                .setUserId(document.userId())
                .setDescription(document.description())
                .setCategory(document.category().nameRu())
                .setCallcopyId(document.category().id())
                .setStatus(toProto(document.status()))
                .setFileName(content.fileName())
                .setMediaType(content.mediaType())
                .setSizeBytes(content.sizeBytes())
                .setDigest(content.digest())
                .setVersion(content.version())
                .setCreatedAt(toProto(document.createdAt()))
                .setEtag(document.etag());
        if (document.workerId() != null) {
            proto.setWorkerId(document.workerId());
        }
        if (document.actualDate() != null) {
            proto.setActualDate(toProto(document.actualDate()));
        }
        if (document.actualEndDate() != null) {
            proto.setActualEndDate(toProto(document.actualEndDate()));
        }
        if (document.planMaturityDate() != null) {
            proto.setPlanMaturityDate(toProto(document.planMaturityDate()));
        }
        if (document.factMaturityDate() != null) {
            proto.setFactMaturityDate(toProto(document.factMaturityDate()));
        }
        return proto.build();
    }

    static UploadDocumentResponse uploaded(Document document) {
        var content = document.content();
        return UploadDocumentResponse.newBuilder()
                .setDocumentId(document.id())
                .setStatus(toProto(document.status()))
                .setFileName(content.fileName())
                .setMediaType(content.mediaType())
                .setSizeBytes(content.sizeBytes())
                .setDigest(content.digest())
                .setEtag(document.etag())
                .build();
    }

    static ReplaceContentResponse replaced(Document document) {
        var content = document.content();
        return ReplaceContentResponse.newBuilder()
                .setDocumentId(document.id())
                .setVersion(content.version())
                .setStatus(toProto(document.status()))
                .setFileName(content.fileName())
                .setMediaType(content.mediaType())
                .setSizeBytes(content.sizeBytes())
                .setDigest(content.digest())
                .setEtag(document.etag())
                .build();
    }

    static UserDocument toUserDocument(DocumentSummary summary) {
        return UserDocument.newBuilder()
                .setId(summary.id())
                .setDescription(summary.description())
                .setCategory(summary.category())
                .setUploadDate(day(summary.createdAt()))
                .setStatus(toProto(summary.status()))
                .build();
    }

    static DocumentSearchResult toSearchResult(DocumentSummary summary) {
        var proto = DocumentSearchResult.newBuilder()
                .setId(summary.id())
                .setDescription(summary.description())
                .setUserId(summary.userId())
                .setCategory(summary.category())
                .setStatus(toProto(summary.status()))
                .setUploadDate(day(summary.createdAt()));
        if (summary.workerId() != null) {
            proto.setWorkerId(summary.workerId());
        }
        if (summary.planMaturityDate() != null) {
            proto.setPlanMaturityDate(toProto(summary.planMaturityDate()));
        }
        return proto.build();
    }

    static DocumentVersion toProto(ContentVersion version) {
        return DocumentVersion.newBuilder()
                .setVersion(version.version())
                .setFileName(version.fileName())
                .setMediaType(version.mediaType())
                .setSizeBytes(version.sizeBytes())
                .setDigest(version.digest())
                .setCreatedAt(toProto(version.createdAt()))
                .build();
    }

    static bank.v1.DocumentEvent toProto(DocumentEvent event) {
        var proto = bank.v1.DocumentEvent.newBuilder()
                .setId(event.id())
                .setType(toProto(event.type()))
                .setActor(event.actor())
                .setToStatus(toProto(event.to()))
                .setVersion(event.version())
                .setComment(event.comment())
                .setCreatedAt(toProto(event.createdAt()));
        if (event.from() != null) {
            proto.setFromStatus(toProto(event.from()));
        }
        return proto.build();
    }

    static DocumentEventType toProto(DocumentEvent.Type type) {
        return switch (type) {
            case UPLOADED -> DocumentEventType.DOCUMENT_EVENT_TYPE_UPLOADED;
            case STATUS_CHANGED -> DocumentEventType.DOCUMENT_EVENT_TYPE_STATUS_CHANGED;
            case CONTENT_REPLACED -> DocumentEventType.DOCUMENT_EVENT_TYPE_CONTENT_REPLACED;
            case DELETED -> DocumentEventType.DOCUMENT_EVENT_TYPE_DELETED;
        };
    }

    /// A change as one who watches is told of it.
    static WatchDocumentsResponse happened(LoggedChange change) {
        var proto = DocumentChange.newBuilder()
                .setDocumentId(change.documentId())
                .setUserId(change.userId())
                .setType(toProto(change.type()))
                .setContentVersion(change.version())
                .setEtag(Long.toString(change.revision()))
                .setActor(change.actor())
                .setChangedAt(toProto(change.at()));
        if (change.from() != null) {
            proto.setFromStatus(toProto(change.from()));
        }
        if (change.to() != null) {
            proto.setStatus(toProto(change.to()));
        }
        return WatchDocumentsResponse.newBuilder()
                .setId(Long.toString(change.position()))
                .setChange(proto)
                .build();
    }

    /// Nothing that one who watches has not been told up to a position.
    static WatchDocumentsResponse nothingHappened(long position) {
        return WatchDocumentsResponse.newBuilder()
                .setId(Long.toString(position))
                .build();
    }

    static Dictionary categories(List<Category> categories) {
        return Dictionary.newBuilder()
                .setName("document_categories")
                .addAllEntries(categories.stream().map(DocumentProtos::toProto).toList())
                .build();
    }

    static DictionaryEntry toProto(Category category) {
        return DictionaryEntry.newBuilder()
                .setId(category.id())
                .setCode(category.code())
                .setNameRu(category.nameRu())
                .setNameEn(category.nameEn())
                .build();
    }

    static Dictionary operationStatuses() {
        return Dictionary.newBuilder()
                .setName("operation_statuses")
                .addAllEntries(Arrays.stream(OperationStatus.values())
                        .map(status -> DictionaryEntry.newBuilder()
                                .setId(status.number())
                                .setCode(status.name().toLowerCase(Locale.ROOT))
                                .setNameRu(status.nameRu())
                                .setNameEn(status.nameEn())
                                .build())
                        .toList())
                .build();
    }

    static bank.v1.DocumentStatus toProto(DocumentStatus status) {
        return switch (status) {
            case PENDING -> bank.v1.DocumentStatus.DOCUMENT_STATUS_PENDING;
            case PROCESSING -> bank.v1.DocumentStatus.DOCUMENT_STATUS_PROCESSING;
            case APPROVED -> bank.v1.DocumentStatus.DOCUMENT_STATUS_APPROVED;
            case PROCESSED -> bank.v1.DocumentStatus.DOCUMENT_STATUS_PROCESSED;
            case REJECTED -> bank.v1.DocumentStatus.DOCUMENT_STATUS_REJECTED;
            case REQUIRES_REVIEW -> bank.v1.DocumentStatus.DOCUMENT_STATUS_REQUIRES_REVIEW;
            case ARCHIVED -> bank.v1.DocumentStatus.DOCUMENT_STATUS_ARCHIVED;
        };
    }

    /// The status, or null when none is given.
    static @Nullable DocumentStatus fromProto(bank.v1.DocumentStatus status) {
        return switch (status) {
            case DOCUMENT_STATUS_PENDING -> DocumentStatus.PENDING;
            case DOCUMENT_STATUS_PROCESSING -> DocumentStatus.PROCESSING;
            case DOCUMENT_STATUS_APPROVED -> DocumentStatus.APPROVED;
            case DOCUMENT_STATUS_PROCESSED -> DocumentStatus.PROCESSED;
            case DOCUMENT_STATUS_REJECTED -> DocumentStatus.REJECTED;
            case DOCUMENT_STATUS_REQUIRES_REVIEW -> DocumentStatus.REQUIRES_REVIEW;
            case DOCUMENT_STATUS_ARCHIVED -> DocumentStatus.ARCHIVED;
            case DOCUMENT_STATUS_UNSPECIFIED, UNRECOGNIZED -> null;
        };
    }

    /// The day, or null when none is given.
    ///
    /// @param field name of the field in the request
    /// @throws DocumentException INVALID_ARGUMENT when there is no such day
    static @Nullable LocalDate fromProto(String field, boolean given, Date date) {
        if (!given) {
            return null;
        }
        try {
            if (date.getYear() >= 1 && date.getYear() <= YEAR_MAX) {
                return LocalDate.of(date.getYear(), date.getMonth(), date.getDay());
            }
        } catch (DateTimeException e) {
            throw noDay(field);
        }
        throw noDay(field);
    }

    static Date toProto(LocalDate date) {
        return Date.newBuilder()
                .setYear(date.getYear())
                .setMonth(date.getMonthValue())
                .setDay(date.getDayOfMonth())
                .build();
    }

    static Timestamp toProto(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    static Instant fromProto(Timestamp timestamp) {
        return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
    }

    private static Date day(Instant instant) {
        return toProto(LocalDate.ofInstant(instant, ZoneOffset.UTC));
    }

    private static DocumentException noDay(String field) {
        return new DocumentException(new DocumentFailure.InvalidField(field, "no day of the calendar"));
    }
}
