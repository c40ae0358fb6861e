package bank.document.content;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Content received whole, in memory or in a file that goes when this is closed.
public final class ReceivedContent implements AutoCloseable {
    private final byte @Nullable [] memory;
    private final @Nullable FileChannel file;
    private final Path path;
    private final long sizeBytes;
    private final byte[] sha256;

    private ReceivedContent(
            byte @Nullable [] memory, @Nullable FileChannel file, Path path, long sizeBytes, byte[] sha256) {
        this.memory = memory;
        this.file = file;
        this.path = path;
        this.sizeBytes = sizeBytes;
        this.sha256 = sha256;
    }

    static ReceivedContent inMemory(byte[] bytes, byte[] sha256, Path directory) {
        return new ReceivedContent(
                bytes, null, directory.resolve(UUID.randomUUID().toString()), bytes.length, sha256);
    }

    static ReceivedContent inFile(FileChannel file, Path path, long sizeBytes, byte[] sha256) {
        return new ReceivedContent(null, file, path, sizeBytes, sha256);
    }

    /// Size in bytes.
    public long sizeBytes() {
        return sizeBytes;
    }

    /// SHA-256, 32 bytes.
    public byte[] sha256() {
        return sha256.clone();
    }

    /// Digest with its algorithm, e.g. `sha-256:9f86d081…`.
    public String digest() {
        return "sha-256:" + HexFormat.of().formatHex(sha256);
    }

    /// The bytes from their beginning; to be closed.
    public InputStream open() {
        try {
            return memory == null ? Files.newInputStream(path) : new ByteArrayInputStream(memory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read spooled content", e);
        }
    }

    /// Bytes from a position on: fewer than asked for where the content ends.
    byte[] read(long position, int length) {
        if (position < 0 || position >= sizeBytes) {
            return new byte[0];
        }
        var size = (int) Math.min(length, sizeBytes - position);
        if (memory != null) {
            return Arrays.copyOfRange(memory, (int) position, (int) position + size);
        }
        var buffer = ByteBuffer.allocate(size);
        try {
            while (buffer.hasRemaining() && channel().read(buffer, position + buffer.position()) >= 0) {
                // Reads on until the buffer is full.
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read spooled content", e);
        }
        return buffer.array();
    }

    /// Lets work read the content as a file, for what can read nothing else.
    <T> T asFile(FileReading<T> work) throws IOException {
        if (memory == null) {
            return work.read(path);
        }
        try {
            return work.read(Files.write(path, memory));
        } finally {
            Files.deleteIfExists(path);
        }
    }

    @Override
    public void close() {
        if (file != null) {
            SpooledFile.remove(file, path);
        }
    }

    private FileChannel channel() throws IOException {
        if (file == null) {
            throw new IOException("content is in memory");
        }
        return file;
    }

    /// Work on a file.
    @FunctionalInterface
    interface FileReading<T> {
        T read(Path file) throws IOException;
    }
}
