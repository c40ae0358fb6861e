package bank.document.model;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/// Name of a file as its owner calls it: 1 to 255 characters in NFC, no path, nothing invisible.
///
/// @param value the name, e.g. `Договор аренды.pdf`
public record FileName(String value) {
    /// Most characters in a name.
    public static final int LENGTH_MAX = 255;

    /// The name a sender gave, or null when he gave none.
    ///
    /// @throws DocumentException INVALID_ARGUMENT, reason FILE_NAME
    public static @Nullable FileName ofNullable(String given) {
        return given.isEmpty() ? null : of(given);
    }

    /// The name a sender gave. Nothing is taken away from it silently: what could mislead is refused.
    ///
    /// @throws DocumentException INVALID_ARGUMENT, reason FILE_NAME
    public static FileName of(String given) {
        var name = Normalizer.normalize(given, Normalizer.Form.NFC);
        if (name.isBlank() || name.equals(".") || name.equals("..")) {
            throw refused("a file needs a name");
        }
        if (name.codePointCount(0, name.length()) > LENGTH_MAX) {
            throw refused("longer than " + LENGTH_MAX + " characters");
        }
        if (name.codePoints().anyMatch(c -> c == '/' || c == '\\')) {
            throw refused("has a path in it: send the name alone");
        }
        if (name.codePoints().anyMatch(FileName::invisible)) {
            throw refused("has control characters in it");
        }
        return new FileName(name);
    }

    // Overrides of the writing direction make `exe.pdf` out of `fdp.exe`.
    private static boolean invisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            case Character.FORMAT -> (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
            default -> false;
        };
    }

    private static DocumentException refused(String description) {
        return new DocumentException(new DocumentFailure.InvalidFileName(description));
    }
}
