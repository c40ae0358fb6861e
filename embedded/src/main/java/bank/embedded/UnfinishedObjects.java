package bank.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes what uploads cut off by a crash left in the file store.
///
/// An upload is written to `KEY-UUID`, is given its digest as an extended attribute when it is whole, and is then
/// renamed to `KEY`. Until the rename it would show up in a listing under its passing name.
final class UnfinishedObjects {
    private static final Logger LOG = LoggerFactory.getLogger(UnfinishedObjects.class);
    private static final String DIGEST_ATTRIBUTE = "user.content-md5";
    private static final Pattern PASSING_NAME =
            Pattern.compile(".*-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private UnfinishedObjects() {}

    /// Removes every file below `root` that has a passing name and no digest; none at all where the file system has
    /// no extended attributes, because a whole object looks the same there.
    static void remove(Path root) throws IOException {
        if (!Files.getFileStore(root).supportsFileAttributeView(UserDefinedFileAttributeView.class)) {
            return;
        }
        try (var paths = Files.walk(root)) {
            for (var path : paths.filter(Files::isRegularFile).toList()) {
                if (PASSING_NAME.matcher(path.getFileName().toString()).matches() && !hasDigest(path)) {
                    Files.delete(path);
                    LOG.warn("removed {}, left by an upload that a crash cut off", path);
                }
            }
        }
    }

    private static boolean hasDigest(Path path) throws IOException {
        var attributes = Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
        return attributes != null && attributes.list().contains(DIGEST_ATTRIBUTE);
    }
}
