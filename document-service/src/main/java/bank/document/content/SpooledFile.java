package bank.document.content;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file of the spool. It keeps its name while it is open, for what reads files by name; `DELETE_ON_CLOSE`
/// would take the name away at once.
final class SpooledFile {
    private SpooledFile() {}

    static void remove(FileChannel file, Path path) {
        try (file) {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + path, e);
        }
    }
}
