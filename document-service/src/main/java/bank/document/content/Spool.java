package bank.document.content;

import bank.document.model.PromisedDigests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Directory for content that is being received. Each running instance has a directory of its own in it,
/// beside a locked file; what a killed instance left is cleared away by the next one to start.
public final class Spool implements AutoCloseable {
    private static final String LOCK = ".lock";

    // File locks belong to the process, and go when it closes any channel to the file: so it never opens
    // the lock files of its own other instances.
    private static final ReentrantLock STARTING = new ReentrantLock();
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final FileChannel lock;
    private final Path lockFile;
    private final Path directory;

    private Spool(FileChannel lock, Path lockFile, Path directory) {
        this.lock = lock;
        this.lockFile = lockFile;
        this.directory = directory;
    }

    /// Opens the directory, which is made when it does not exist.
    ///
    /// @throws UncheckedIOException when it cannot be written
    public static Spool open(Path directory) {
        var root = directory.toAbsolutePath().normalize();
        STARTING.lock();
        try {
            Files.createDirectories(root);
            try (var all = FileChannel.open(
                    root.resolve("start" + LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                // Let go when the channel closes.
                all.lock();
                clearLeftovers(root);
                return claim(root);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use the spool directory " + root, e);
        } finally {
            STARTING.unlock();
        }
    }

    /// Begins to receive a content.
    ///
    /// @param bytesMax most bytes it may have
    /// @param promised digests it must have
    public Reception receive(long bytesMax, PromisedDigests promised) {
        return new Reception(directory, bytesMax, promised);
    }

    /// Clears the directory of this instance away.
    @Override
    public void close() {
        try (lock) {
            delete(directory);
            Files.deleteIfExists(lockFile);
            OWN.remove(lockFile);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot clear " + directory, e);
        }
    }

    private static Spool claim(Path root) throws IOException {
        var name = UUID.randomUUID().toString();
        var lockFile = root.resolve(name + LOCK);
        var channel = FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            channel.lock();
            OWN.add(lockFile);
            return new Spool(channel, lockFile, createPrivate(root.resolve(name)));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    // What clients upload is nobody else's to read on this machine.
    private static Path createPrivate(Path directory) throws IOException {
        return Files.getFileStore(directory.getParent()).supportsFileAttributeView("posix")
                ? Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
                : Files.createDirectory(directory);
    }

    private static void clearLeftovers(Path root) throws IOException {
        try (var files = Files.newDirectoryStream(root, "*-*" + LOCK)) {
            for (var lockFile : files) {
                if (!OWN.contains(lockFile) && abandoned(lockFile)) {
                    var name = lockFile.getFileName().toString();
                    delete(root.resolve(name.substring(0, name.length() - LOCK.length())));
                    Files.deleteIfExists(lockFile);
                }
            }
        }
    }

    private static boolean abandoned(Path lockFile) throws IOException {
        try (var channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock free = channel.tryLock()) {
            return free != null;
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
