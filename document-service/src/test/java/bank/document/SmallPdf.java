package bank.document;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Small whole PDFs, as different from each other as tests need them.
public final class SmallPdf {
    private SmallPdf() {}

    /// A small whole PDF of exactly that size, different for each text.
    public static byte[] of(String text, int size) {
        var head = ("%PDF-1.4\n% " + text + "\n").getBytes(StandardCharsets.UTF_8);
        var tail = "\nstartxref\n9\n%%EOF\n".getBytes(StandardCharsets.UTF_8);
        if (head.length + tail.length > size) {
            throw new IllegalArgumentException("at least " + (head.length + tail.length) + " bytes");
        }
        var pdf = new byte[size];
        Arrays.fill(pdf, (byte) 'x');
        System.arraycopy(head, 0, pdf, 0, head.length);
        System.arraycopy(tail, 0, pdf, size - tail.length, tail.length);
        return pdf;
    }

    /// A small whole PDF, different for each text.
    public static byte[] of(String text) {
        return of(text, 200 + text.length() * 4);
    }
}
