package bank.standalone;

import bank.embedded.DirectoryLock;
import bank.embedded.EmbeddedServerException;
import bank.embedded.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Everything kept between runs, below one directory that only its owner may read and one process may use.
///
/// `postgres/`, `kafka/` and `s3/` belong to the embedded servers, `secrets/` holds what the services prove
/// themselves with, `spool/` content on its way to S3, `logs/` the log.
final class DataDirectory implements AutoCloseable {
    private final Path root;
    private final @Nullable DirectoryLock lock;

    private DataDirectory(Path root, @Nullable DirectoryLock lock) {
        this.root = root;
        this.lock = lock;
    }

    /// Creates the directory, if need be, and takes it.
    ///
    /// @throws EmbeddedServerException when it is in use or can't be written
    static DataDirectory open(Path root) {
        try {
            PrivateFiles.createDirectories(root);
            var directory = new DataDirectory(root, DirectoryLock.acquire(root));
            PrivateFiles.createDirectories(directory.logs());
            PrivateFiles.createDirectories(directory.secrets());
            PrivateFiles.createDirectories(directory.spool());
            return directory;
        } catch (IOException e) {
            throw new EmbeddedServerException("cannot use data directory " + root + ": " + e, e);
        }
    }

    /// A directory another process uses, to read in.
    static DataDirectory used(Path root) {
        return new DataDirectory(root, null);
    }

    Path root() {
        return root;
    }

    Path postgres() {
        return root.resolve("postgres");
    }

    Path kafka() {
        return root.resolve("kafka");
    }

    Path s3() {
        return root.resolve("s3");
    }

    Path spool() {
        return root.resolve("spool");
    }

    Path logs() {
        return root.resolve("logs");
    }

    private Path secrets() {
        return root.resolve("secrets");
    }

    /// The secret of that name, made at its first use: 43 letters, digits, `-` and `_`.
    String secret(String name) {
        try {
            return PrivateFiles.secret(secrets().resolve(name));
        } catch (IOException e) {
            throw new EmbeddedServerException("cannot keep the secret " + name + " in " + secrets() + ": " + e, e);
        }
    }

    /// The key of that name, made at its first use: base64 of 32 random bytes.
    String key(String name) {
        return Base64.getEncoder().encodeToString(Base64.getUrlDecoder().decode(secret(name)));
    }

    @Override
    public void close() {
        if (lock != null) {
            lock.close();
        }
    }
}
