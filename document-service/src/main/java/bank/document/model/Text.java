package bank.document.model;

import java.text.Normalizer;

/// Text that people wrote.
public final class Text {
    private Text() {}

    /// The text in NFC.
    ///
    /// @param field name of the field in the request
    /// @param lengthMax most characters
    /// @throws DocumentException INVALID_ARGUMENT when it is longer or has control characters other than
    ///     line breaks and tabs
    public static String of(String field, String given, int lengthMax) {
        var text = Normalizer.normalize(given, Normalizer.Form.NFC);
        if (text.codePointCount(0, text.length()) > lengthMax) {
            throw new DocumentException(
                    new DocumentFailure.InvalidField(field, "longer than " + lengthMax + " characters"));
        }
        if (text.codePoints().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t')) {
            throw new DocumentException(new DocumentFailure.InvalidField(field, "has control characters in it"));
        }
        return text;
    }
}
