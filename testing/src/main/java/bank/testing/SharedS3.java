package bank.testing;

import bank.embedded.EmbeddedS3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// One embedded S3 server for all test classes of a run, gone with its objects when the run ends.
final class SharedS3 implements AutoCloseable {
    private final Path directory;
    private final EmbeddedS3Server server;

    SharedS3() {
        try {
            directory = Files.createTempDirectory("bank-s3");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server = EmbeddedS3Server.start(directory, 0, List.of());
    }

    EmbeddedS3Server server() {
        return server;
    }

    @Override
    public void close() throws IOException {
        server.close();
        TemporaryDirectories.delete(directory);
    }
}
