package bank.edge.transcode;

import bank.edge.json.JsonPosition;
import bank.edge.problem.EdgeFailures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Newline-delimited JSON: a line is an element, lines of white space are passed over, and the last line end may be
/// missing.
final class JsonLines implements JsonElements {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final InputStream in;
    private final long bytesMax;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int limit;
    private long line;

    /// @param bytesMax longest line, without its end
    JsonLines(InputStream in, long bytesMax) {
        this.in = in;
        this.bytesMax = bytesMax;
    }

    @Override
    public String place() {
        return "line " + line;
    }

    @Override
    public JsonPosition start() {
        return new JsonPosition(line, 1);
    }

    @Override
    public byte @Nullable [] next() throws IOException {
        byte[] next = line();
        while (next != null && isBlank(next)) {
            next = line();
        }
        return next;
    }

    private byte @Nullable [] line() throws IOException {
        var begun = new ByteArrayOutputStream(0);
        if (at == limit && !fill()) {
            return null;
        }
        line++;
        while (true) {
            int end = lineEnd();
            boolean ends = end < limit;
            if (begun.size() + (long) (end - at) > bytesMax) {
                throw EdgeFailures.messageTooLarge(bytesMax).exception();
            }
            if (ends && begun.size() == 0) {
                byte[] whole = Arrays.copyOfRange(buffer, at, end);
                at = end + 1;
                return whole;
            }
            begun.write(buffer, at, end - at);
            at = ends ? end + 1 : end;
            if (ends || !fill()) {
                return begun.toByteArray();
            }
        }
    }

    private int lineEnd() {
        int end = at;
        while (end < limit && buffer[end] != '\n') {
            end++;
        }
        return end;
    }

    private boolean fill() throws IOException {
        at = 0;
        limit = Math.max(0, in.read(buffer, 0, buffer.length));
        return limit > 0;
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }
}
