package bank.testing;

import bank.embedded.EmbeddedS3Server;
import java.net.URI;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/// Gives each test class a fresh, empty bucket on one embedded S3 server started with the first class that asks.
///
/// ```java
/// @RegisterExtension
/// static final S3Extension s3 = new S3Extension();
/// ```
///
/// Buckets are addressed by path. The server knows no tagging, versioning, lifecycle or encryption rules.
public final class S3Extension implements BeforeAllCallback {
    private static final Namespace NAMESPACE = Namespace.create(S3Extension.class);

    private @Nullable EmbeddedS3Server server;
    private @Nullable String bucket;

    /// The server's address, such as `http://127.0.0.1:41234`.
    public URI endpoint() {
        return server().endpoint();
    }

    /// The region to sign requests for.
    public String region() {
        return server().region();
    }

    /// The access key to sign requests with.
    public String accessKey() {
        return server().credentials().accessKey();
    }

    /// The secret key to sign requests with.
    public String secretKey() {
        return server().credentials().secretKey();
    }

    /// The bucket of this test class.
    ///
    /// @throws IllegalStateException outside a test class, or when the extension is not in a static field
    public String bucket() {
        if (bucket == null) {
            throw notStarted();
        }
        return bucket;
    }

    /// Creates another empty bucket.
    ///
    /// @return its name
    public String createBucket() {
        var random = new byte[8];
        ThreadLocalRandom.current().nextBytes(random);
        var name = "test-" + HexFormat.of().formatHex(random);
        server().createBucket(name);
        return name;
    }

    /// True if [#bucket()] holds no object and no trace of an unfinished one.
    public boolean bucketIsEmpty() {
        return server().isEmpty(bucket());
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        server = context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(SharedS3.class, key -> new SharedS3(), SharedS3.class)
                .server();
        bucket = createBucket();
    }

    private EmbeddedS3Server server() {
        if (server == null) {
            throw notStarted();
        }
        return server;
    }

    private static IllegalStateException notStarted() {
        return new IllegalStateException("S3Extension must be registered in a static field of a test class");
    }
}
