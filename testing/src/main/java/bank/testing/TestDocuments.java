package bank.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/// Files that other programs wrote, good and bad; `documents/README.md` among the resources tells what each
/// is and where it comes from.
public final class TestDocuments {
    // Files in the repository have ASCII names, for a JVM in a POSIX locale finds no others.
    private static final Map<String, String> STORED = Map.of(
            "Договор аренды.docx", "rent-contract.docx",
            "Договор аренды.pdf", "rent-contract.pdf",
            "скан паспорта.tiff", "passport-scan.tiff");

    private TestDocuments() {}

    /// The content of a file, by its name in the repository or the name it is uploaded under, e.g.
    /// `Договор аренды.pdf`.
    ///
    /// @throws IllegalArgumentException when there is none of that name
    public static byte[] bytes(String name) {
        try (var in = TestDocuments.class.getResourceAsStream("/documents/" + STORED.getOrDefault(name, name))) {
            if (in == null) {
                throw new IllegalArgumentException("no such test document: " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
