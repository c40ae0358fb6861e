package bank.document.domain;

import bank.document.blob.BlobStore;
import bank.document.model.ByteRange;
import bank.document.model.ContentVersion;
import bank.document.model.Document;
import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.store.VersionStore;
import bank.platform.auth.Principal;
import bank.platform.db.Database;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The content of documents on its way out.
public final class Downloads {
    private final Database database;
    private final Documents documents;
    private final VersionStore versions;
    private final BlobStore blobs;
    private final Duration linkTime;

    /// @param linkTime how long a presigned URL is good
    public Downloads(
            Database database, Documents documents, VersionStore versions, BlobStore blobs, Duration linkTime) {
        this.database = database;
        this.documents = documents;
        this.versions = versions;
        this.blobs = blobs;
        this.linkTime = linkTime;
    }

    /// A content of a document the caller may see.
    ///
    /// @param version number of the version; null: the newest
    /// @throws DocumentException NOT_FOUND; PERMISSION_DENIED, reason VERSION_FORBIDDEN, for a client who
    ///     names a version
    public ContentVersion content(Principal caller, long id, @Nullable Integer version) {
        var document = documents.get(caller, id);
        if (version == null) {
            return document.content();
        }
        if (!Reach.all(caller)) {
            throw new DocumentException(new DocumentFailure.VersionForbidden());
        }
        return database.read(session -> versions.find(session, id, version))
                .orElseThrow(() -> new DocumentException(new DocumentFailure.VersionNotFound(id, version)));
    }

    /// Begins to read a content.
    ///
    /// @param range which bytes; empty: all
    /// @throws DocumentException INTERNAL when the bytes are not there
    public Download open(long id, ContentVersion content, Optional<ByteRange> range) {
        var download = new Download(blobs, id, content, range.orElse(new ByteRange(0, content.sizeBytes() - 1)));
        download.open();
        return download;
    }

    /// URL of the newest content of a document.
    public URI link(Document document) {
        var content = document.content();
        return blobs.readLink(
                content.key(), linkTime, ContentDisposition.attachment(content.fileName()), content.mediaType());
    }
}
