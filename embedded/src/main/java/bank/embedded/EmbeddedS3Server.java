package bank.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.gaul.s3proxy.CrossOriginResourceSharing;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/// An S3 server inside this JVM (S3Proxy) that keeps its objects as files below one directory.
///
/// Listens on 127.0.0.1 only and takes signed requests only, with an access key and a secret made at the first start.
/// Clients must address buckets by path. An object appears whole or not at all, and is on the disk once its upload is
/// acknowledged.
public final class EmbeddedS3Server implements AutoCloseable {
    private static final Pattern BUCKET_NAME = Pattern.compile("[a-z0-9][a-z0-9-]{1,61}[a-z0-9]");
    private static final String REGION = "us-east-1";
    private static final Duration STOP_TIME_MAX = Duration.ofSeconds(10);

    private final DirectoryLock lock;
    private final S3Proxy server;
    private final Path objects;
    private final S3Credentials credentials;
    private boolean closed;

    private EmbeddedS3Server(DirectoryLock lock, S3Proxy server, Path objects, S3Credentials credentials) {
        this.lock = lock;
        this.server = server;
        this.objects = objects;
        this.credentials = credentials;
    }

    /// Starts the server and waits until it accepts connections.
    ///
    /// @param directory everything the server keeps
    /// @param port TCP port on 127.0.0.1; 0 takes a free one
    /// @param origins web origins whose pages may call it (CORS), such as `http://127.0.0.1:8080`; empty
    ///     allows none
    /// @return the running server
    /// @throws EmbeddedServerException when the directory is in use or the port is taken
    public static EmbeddedS3Server start(Path directory, int port, List<String> origins) {
        try {
            PrivateFiles.createDirectories(directory);
            var lock = DirectoryLock.acquire(directory);
            try {
                return start(directory, port, origins, lock);
            } catch (EmbeddedServerException | IOException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new EmbeddedServerException("cannot start S3 on " + directory + ": " + e.getMessage(), e);
        }
    }

    private static EmbeddedS3Server start(Path directory, int port, List<String> origins, DirectoryLock lock)
            throws IOException {
        var credentials = new S3Credentials(
                PrivateFiles.secret(directory.resolve("access-key")),
                PrivateFiles.secret(directory.resolve("secret-key")));
        var objects =
                PrivateFiles.createDirectories(directory.resolve("objects")).toRealPath();
        UnfinishedObjects.remove(objects);
        var server = S3Proxy.builder()
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .awsAuthentication(AuthenticationType.AWS_V4, credentials.accessKey(), credentials.secretKey())
                .blobStore(new DurableBlobStore(new FilesystemNio2BlobStore(objects.toString()), objects))
                .corsRules(allow(origins))
                .stopTimeout(STOP_TIME_MAX.toMillis())
                .build();
        try {
            server.start();
        } catch (Exception e) {
            throw new EmbeddedServerException("cannot start S3 on port " + port + ": " + e.getMessage(), e);
        }
        return new EmbeddedS3Server(lock, server, objects, credentials);
    }

    private static CrossOriginResourceSharing allow(List<String> origins) {
        if (origins.isEmpty()) {
            return CrossOriginResourceSharing.disabled();
        }
        return new CrossOriginResourceSharing(
                origins.stream().map(Pattern::quote).toList(),
                List.of("GET", "HEAD", "PUT"),
                List.of("*"),
                List.of("ETag", "Content-Length", "Content-Range", "Content-Disposition"),
                "");
    }

    /// The address clients use, such as `http://127.0.0.1:41234`.
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    /// The region to sign requests for; the server takes any.
    public String region() {
        return REGION;
    }

    /// What requests must be signed with.
    public S3Credentials credentials() {
        return credentials;
    }

    /// Creates the bucket `name`, unless it exists.
    ///
    /// @param name 3 to 63 of a-z, 0-9 and hyphen, a letter or digit at both ends
    /// @throws EmbeddedServerException when its directory can't be made
    public void createBucket(String name) {
        if (!BUCKET_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a bucket name: " + name);
        }
        try {
            PrivateFiles.createDirectories(objects.resolve(name));
            PrivateFiles.sync(objects);
        } catch (IOException e) {
            throw new EmbeddedServerException("cannot create the bucket " + name + ": " + e.getMessage(), e);
        }
    }

    /// Stops the server and lets go of the directory. Running requests have up to 10 seconds to end. Closing again does
    /// nothing.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (lock) {
            server.stop();
        } catch (Exception e) {
            throw new EmbeddedServerException("cannot stop S3: " + e.getMessage(), e);
        }
    }

    /// True if the bucket `name` holds no object and no trace of an unfinished one.
    ///
    /// @param name an existing bucket
    /// @throws EmbeddedServerException when its directory can't be read
    public boolean isEmpty(String name) {
        try (var paths = Files.walk(objects.resolve(name))) {
            return paths.noneMatch(Files::isRegularFile);
        } catch (IOException e) {
            throw new EmbeddedServerException("cannot list the bucket " + name + ": " + e.getMessage(), e);
        }
    }
}
