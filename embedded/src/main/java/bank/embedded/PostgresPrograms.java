package bank.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// The PostgreSQL programs of this platform, unpacked from the class path once per version.
final class PostgresPrograms {
    private final Path home;

    private PostgresPrograms(Path home) {
        this.home = home;
    }

    /// Unpacks the programs below `directory`, unless they are there already. Several processes may do so at once.
    static synchronized PostgresPrograms unpack(Path directory) throws IOException {
        PrivateFiles.createDirectories(directory);
        var archive = archiveName();
        var home = directory.resolve(digest(archive));
        try (var guard = FileChannel.open(
                directory.resolve("unpack.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            guard.lock();
            if (!Files.exists(home)) {
                var draft = directory.resolve("unpacking");
                deleteRecursively(draft);
                extract(archive, draft);
                Files.move(draft, home, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return new PostgresPrograms(home);
    }

    Path program(String name) {
        return home.resolve("bin").resolve(name);
    }

    private static String archiveName() {
        var os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        var arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        var cpu = arch.equals("amd64") || arch.equals("x86_64") ? "x86_64" : "arm_64";
        var name = "/postgres-%s-%s.txz".formatted(os.startsWith("mac") ? "darwin" : "linux", cpu);
        if (PostgresPrograms.class.getResource(name) == null) {
            throw new EmbeddedServerException(
                    "no PostgreSQL programs for " + os + " on " + arch + ": " + name + " is not on the class path");
        }
        return name;
    }

    private static InputStream open(String archive) throws IOException {
        var stream = PostgresPrograms.class.getResourceAsStream(archive);
        if (stream == null) {
            throw new IOException(archive + " is not on the class path");
        }
        return stream;
    }

    private static String digest(String archive) throws IOException {
        try (var stream = new DigestInputStream(open(archive), MessageDigest.getInstance("SHA-256"))) {
            stream.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(stream.getMessageDigest().digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void extract(String archive, Path target) throws IOException {
        PrivateFiles.createDirectories(target);
        try (var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(open(archive))))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                var path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException(archive + " has an entry outside of itself: " + entry.getName());
                }
                write(tar, entry, path);
            }
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path path) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.resolveSibling(""));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isFile()) {
            Files.copy(tar, path);
            Files.setPosixFilePermissions(path, permissions(entry.getMode()));
        } else {
            throw new IOException(path + " is neither a file, a directory nor a symbolic link");
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        var executable = (mode & 0100) != 0;
        return EnumSet.copyOf(PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    static void deleteRecursively(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var paths = Files.walk(directory)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
