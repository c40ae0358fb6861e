package bank.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Holds a directory for one live process: the operating system lets go of it when that process ends in any way.
public final class DirectoryLock implements AutoCloseable {
    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Takes `directory`, which must exist, by locking the file `lock` in it.
    ///
    /// @param directory the directory to take
    /// @return the lock, held until closed
    /// @throws EmbeddedServerException when another process, or another part of this one, holds the directory
    public static DirectoryLock acquire(Path directory) {
        var file = directory.resolve("lock");
        try {
            var channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                if (channel.tryLock() != null) {
                    return new DirectoryLock(channel);
                }
            } catch (OverlappingFileLockException heldHere) {
                channel.close();
                throw inUse(directory, heldHere);
            }
            channel.close();
            throw inUse(directory, null);
        } catch (IOException e) {
            throw new EmbeddedServerException("cannot lock " + file + ": " + e.getMessage(), e);
        }
    }

    /// Whether `directory` is held now, by this process or another.
    ///
    /// @param directory an existing directory
    public static boolean held(Path directory) {
        var file = directory.resolve("lock");
        if (!Files.exists(file)) {
            return false;
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE);
                var lock = channel.tryLock()) {
            return lock == null;
        } catch (OverlappingFileLockException heldHere) {
            return true;
        } catch (IOException e) {
            throw new EmbeddedServerException("cannot look at " + file + ": " + e.getMessage(), e);
        }
    }

    private static EmbeddedServerException inUse(Path directory, @Nullable Throwable cause) {
        return new EmbeddedServerException("data directory " + directory + " is in use by another process", cause);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new EmbeddedServerException("cannot unlock a data directory: " + e.getMessage(), e);
        }
    }
}
