package bank.document.domain;

import bank.document.blob.BlobMissingException;
import bank.document.blob.BlobStore;
import bank.document.blob.BlobStoreException;
import bank.document.model.ByteRange;
import bank.document.model.ContentVersion;
import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the bytes of one content in order. A connection that breaks is taken up where it broke; a content
/// read whole is compared with its digest before its last bytes are given out, so that what is broken never
/// passes for whole. Not for several threads at once.
public final class Download implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Download.class);
    private static final int CHUNK_BYTES = 256 * 1024;
    private static final int BREAKS_MAX = 3;

    private final BlobStore blobs;
    private final long documentId;
    private final ContentVersion content;
    private final ByteRange range;
    private final @Nullable MessageDigest sha256;

    private @Nullable InputStream stream;
    private long position;
    private int breaks;

    Download(BlobStore blobs, long documentId, ContentVersion content, ByteRange range) {
        this.blobs = blobs;
        this.documentId = documentId;
        this.content = content;
        this.range = range;
        this.position = range.first();
        this.sha256 = range.length() == content.sizeBytes() ? digest() : null;
    }

    /// Connects to the store.
    void open() {
        try {
            stream = blobs.open(content.key(), position, range.last() - position + 1);
        } catch (BlobMissingException e) {
            log.error(
                    "content of document {} version {} is missing: no {} bytes at {}",
                    documentId,
                    content.version(),
                    content.sizeBytes(),
                    content.key(),
                    e);
            throw broken();
        }
    }

    /// The next bytes, up to 256 KiB; none at the end.
    ///
    /// @throws DocumentException INTERNAL when the bytes are not what they were
    public byte[] next() {
        var chunk = new byte[(int) Math.min(CHUNK_BYTES, range.last() - position + 1)];
        var filled = 0;
        while (filled < chunk.length) {
            filled += read(chunk, filled);
        }
        if (sha256 != null && filled > 0) {
            sha256.update(chunk);
            if (position > range.last()) {
                verify(sha256);
            }
        }
        return chunk;
    }

    @Override
    public void close() {
        var open = stream;
        stream = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                log.debug("connection to the content store did not close", e);
            }
        }
    }

    private int read(byte[] chunk, int offset) {
        try {
            var open = stream;
            if (open == null) {
                throw new IOException("closed");
            }
            var read = Math.max(0, open.read(chunk, offset, chunk.length - offset));
            position += read;
            breaks = read > 0 ? 0 : breaks;
            return read;
        } catch (IOException e) {
            close();
            breaks++;
            if (breaks > BREAKS_MAX) {
                throw new BlobStoreException("cannot read " + content.key(), e);
            }
            log.warn("reading {} broke off at byte {}", content.key(), position, e);
            open();
            return 0;
        }
    }

    private void verify(MessageDigest whole) {
        var found = "sha-256:" + HexFormat.of().formatHex(whole.digest());
        if (!found.equals(content.digest())) {
            log.error(
                    "content of document {} version {} is broken: expected {}, found {}",
                    documentId,
                    content.version(),
                    content.digest(),
                    found);
            throw broken();
        }
    }

    private DocumentException broken() {
        return new DocumentException(new DocumentFailure.ContentBroken(documentId, content.version()));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
