package bank.document.content;

import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.PromisedDigests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Receives one content: in memory while it is small, in a file beyond. The digests are computed and the
/// limit is watched on the way. Not for several threads at once.
public final class Reception implements AutoCloseable {
    static final int MEMORY_BYTES_MAX = 256 * 1024;
    private static final int MEMORY_BYTES_INITIAL = 16 * 1024;

    private final Path directory;
    private final long bytesMax;
    private final PromisedDigests promised;
    private final MessageDigest sha256 = digest("SHA-256");
    private final @Nullable MessageDigest sha512;

    private byte[] memory = new byte[0];
    private @Nullable FileChannel file;
    private @Nullable Path path;
    private long size;

    Reception(Path directory, long bytesMax, PromisedDigests promised) {
        this.directory = directory;
        this.bytesMax = bytesMax;
        this.promised = promised;
        this.sha512 = promised.by("sha-512").isPresent() ? digest("SHA-512") : null;
    }

    /// Takes the next bytes.
    ///
    /// @throws DocumentException RESOURCE_EXHAUSTED, reason CONTENT_TOO_LARGE, at the first byte above the
    ///     limit
    public void write(ByteBuffer chunk) {
        if (chunk.remaining() > bytesMax - size) {
            throw new DocumentException(new DocumentFailure.ContentTooLarge(bytesMax));
        }
        sha256.update(chunk.duplicate());
        if (sha512 != null) {
            sha512.update(chunk.duplicate());
        }
        try {
            if (file == null && size + chunk.remaining() > MEMORY_BYTES_MAX) {
                moveToFile();
            }
            append(chunk);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot spool content", e);
        }
    }

    /// Ends the content. What is returned must be closed in place of this.
    ///
    /// @throws DocumentException INVALID_ARGUMENT, reason EMPTY_FILE or DIGEST_MISMATCH
    public ReceivedContent finish() {
        if (size == 0) {
            throw new DocumentException(new DocumentFailure.EmptyFile());
        }
        var digest = sha256.digest();
        require("sha-256", digest);
        if (sha512 != null) {
            require("sha-512", sha512.digest());
        }
        var content = file == null || path == null
                ? ReceivedContent.inMemory(Arrays.copyOf(memory, (int) size), digest, directory)
                : ReceivedContent.inFile(file, path, size, digest);
        file = null;
        memory = new byte[0];
        return content;
    }

    /// Gives up what was received and not finished.
    @Override
    public void close() {
        memory = new byte[0];
        if (file != null && path != null) {
            SpooledFile.remove(file, path);
            file = null;
        }
    }

    private void moveToFile() throws IOException {
        path = directory.resolve(UUID.randomUUID().toString());
        file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        writeAll(file, ByteBuffer.wrap(memory, 0, (int) size));
        memory = new byte[0];
    }

    private void append(ByteBuffer chunk) throws IOException {
        var length = chunk.remaining();
        if (file != null) {
            writeAll(file, chunk.duplicate());
        } else {
            var needed = (int) size + length;
            if (needed > memory.length) {
                memory = Arrays.copyOf(
                        memory,
                        Math.clamp(Math.max(needed, memory.length * 2L), MEMORY_BYTES_INITIAL, MEMORY_BYTES_MAX));
            }
            chunk.duplicate().get(memory, (int) size, length);
        }
        size += length;
    }

    private void require(String algorithm, byte[] found) {
        promised.by(algorithm).ifPresent(expected -> {
            if (!MessageDigest.isEqual(expected, found)) {
                throw new DocumentException(new DocumentFailure.DigestMismatch(algorithm));
            }
        });
    }

    private static void writeAll(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
