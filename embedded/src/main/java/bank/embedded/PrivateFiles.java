package bank.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/// Directories and small secret files that nobody but their owner may read, written so that a crash leaves either
/// nothing or the whole file.
public final class PrivateFiles {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SECRET_BYTES = 32;

    private PrivateFiles() {}

    /// Creates `directory` and its parents with mode 0700; an existing directory keeps its mode.
    ///
    /// @param directory the directory to create
    /// @return `directory`
    /// @throws IOException when it can't be created
    public static Path createDirectories(Path directory) throws IOException {
        return Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /// Reads the secret kept in `file`; on first use makes one of 256 random bits (base64url, 43 characters) and
    /// keeps it there with mode 0600.
    ///
    /// @param file where the secret is kept; its directory must exist
    /// @return the secret
    /// @throws IOException when the file can't be read or written
    public static String secret(Path file) throws IOException {
        if (!Files.exists(file)) {
            var bytes = new byte[SECRET_BYTES];
            RANDOM.nextBytes(bytes);
            write(file, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        }
        return Files.readString(file, StandardCharsets.US_ASCII).strip();
    }

    /// Writes `content` to `file` with mode 0600, replacing it in one step that survives a power cut.
    ///
    /// @param file the file to create or replace; its directory must exist
    /// @param content what to write, as UTF-8
    /// @throws IOException when the file can't be written
    public static void write(Path file, String content) throws IOException {
        var draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel =
                FileChannel.open(draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
            var bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(file.toAbsolutePath().resolveSibling(""));
    }

    /// Brings a file's or a directory's content to the disk, as `fsync` does.
    static void sync(Path path) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
