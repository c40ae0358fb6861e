package bank.bench;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/// A PDF of a given size.
final class Pdf {
    private Pdf() {}

    static byte[] ofSize(int bytes) {
        var content = new byte[bytes];
        new Random(42).nextBytes(content);
        var head = "%PDF-1.4\n%% ".getBytes(StandardCharsets.US_ASCII);
        var tail = "\nstartxref\n0\n%%EOF\n".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(head, 0, content, 0, head.length);
        System.arraycopy(tail, 0, content, bytes - tail.length, tail.length);
        return content;
    }
}
