package bank.edge.transcode;

import bank.edge.json.JsonPosition;
import bank.edge.problem.EdgeFailures;
import bank.platform.failure.FailureException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// One JSON array, whose elements are cut out while it arrives. Only its commas are looked for; whether an element is
/// JSON, its reader tells. A body of no bytes counts as an empty array.
final class JsonArray implements JsonElements {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int END = -1;

    private enum State {
        BEFORE,
        FIRST,
        WITHIN,
        AFTER
    }

    private final InputStream in;
    private final long bytesMax;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int limit;
    private long element;
    private long line = 1;
    private long column = 1;
    private JsonPosition start = JsonPosition.START;
    private State state = State.BEFORE;

    /// @param bytesMax longest element
    JsonArray(InputStream in, long bytesMax) {
        this.in = in;
        this.bytesMax = bytesMax;
    }

    @Override
    public String place() {
        return element == 0 ? "the body" : "element " + element;
    }

    @Override
    public JsonPosition start() {
        return start;
    }

    @Override
    public byte @Nullable [] next() throws IOException {
        if (state == State.BEFORE && !begin()) {
            return null;
        }
        if (state == State.AFTER) {
            return null;
        }
        element++;
        int first = peekBeyondSpace();
        if (state == State.FIRST && first == ']') {
            pass(first);
            end();
            return null;
        }
        state = State.WITHIN;
        start = new JsonPosition(line, column);
        byte[] next = cut();
        if (next.length == 0) {
            throw malformed("an element is missing");
        }
        int close = buffer[at];
        pass(close);
        if (close == ']') {
            end();
        }
        return next;
    }

    /// Reads to behind the opening bracket; false when there is no byte at all.
    private boolean begin() throws IOException {
        int first = peekBeyondSpace();
        if (first == END) {
            state = State.AFTER;
            return false;
        }
        if (first != '[') {
            throw malformed("expected an array");
        }
        pass(first);
        state = State.FIRST;
        return true;
    }

    private void end() throws IOException {
        state = State.AFTER;
        if (peekBeyondSpace() != END) {
            throw malformed("something follows the array");
        }
    }

    /// The bytes up to the comma or bracket that ends the element, which is left to be read.
    private byte[] cut() throws IOException {
        var bytes = new ByteArrayOutputStream(256);
        int depth = 0;
        boolean string = false;
        boolean escaped = false;
        while (true) {
            int next = peek();
            if (next == END) {
                throw malformed("the array is not closed");
            }
            if (!string && depth == 0 && (next == ',' || next == ']')) {
                return bytes.toByteArray();
            }
            if (string) {
                string = next != '"' || escaped;
                escaped = next == '\\' && !escaped;
            } else if (next == '"') {
                string = true;
            } else if (next == '{' || next == '[') {
                depth++;
            } else if (next == '}' || next == ']') {
                depth--;
            }
            if (bytes.size() >= bytesMax) {
                throw EdgeFailures.messageTooLarge(bytesMax).exception();
            }
            bytes.write(next);
            pass(next);
        }
    }

    private int peekBeyondSpace() throws IOException {
        int next = peek();
        while (next == ' ' || next == '\t' || next == '\r' || next == '\n') {
            pass(next);
            next = peek();
        }
        return next;
    }

    /// Goes on behind the byte that comes next.
    private void pass(int next) {
        at++;
        if (next == '\n') {
            line++;
            column = 1;
        } else if ((next & 0xC0) != 0x80) {
            // Bytes that continue a character are no columns of their own.
            column++;
        }
    }

    private int peek() throws IOException {
        if (at == limit) {
            at = 0;
            limit = Math.max(0, in.read(buffer, 0, buffer.length));
        }
        return limit == 0 ? END : buffer[at] & 0xFF;
    }

    private FailureException malformed(String problem) {
        return EdgeFailures.malformed("MALFORMED_JSON", problem + " at " + new JsonPosition(line, column))
                .exception();
    }
}
