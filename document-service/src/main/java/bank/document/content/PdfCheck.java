package bank.document.content;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// Checks that a PDF (ISO 32000-2, 7.5) is there from its header to its end.
final class PdfCheck {
    // Readers allow for some bytes before the header and after the end.
    private static final int HEAD_BYTES = 1024;
    private static final int TAIL_BYTES = 2048;
    private static final Pattern LINEARIZED = Pattern.compile("/Linearized\\b[^>]*/L\\s+(\\d{1,12})\\b");
    private static final Pattern END = Pattern.compile("startxref\\s+(\\d{1,12})\\s+%%EOF");

    private PdfCheck() {}

    /// What is wrong, or nothing.
    static String damage(ReceivedContent content) {
        var head = text(content, 0, HEAD_BYTES);
        if (!head.contains("%PDF-")) {
            return "the PDF has no header";
        }
        // A linearized PDF has an end after its first page, too; its length stands at its beginning.
        var linearized = LINEARIZED.matcher(head);
        if (linearized.find() && Long.parseLong(linearized.group(1)) > content.sizeBytes()) {
            return "the PDF is cut off";
        }
        var end = END.matcher(text(content, Math.max(0, content.sizeBytes() - TAIL_BYTES), TAIL_BYTES));
        if (!end.find()) {
            return "the PDF is cut off: it has no end";
        }
        return Long.parseLong(end.group(1)) < content.sizeBytes()
                ? ""
                : "the PDF is cut off: its cross-reference table is missing";
    }

    private static String text(ReceivedContent content, long position, int length) {
        return new String(content.read(position, length), StandardCharsets.ISO_8859_1);
    }
}
