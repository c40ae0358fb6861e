package bank.edge.json;

import java.util.Arrays;

/// Walks over JSON in UTF-8, strictly by RFC 8259, token by token. Whatever is no JSON ends the walk with its position.
final class JsonCursor {
    static final int DEPTH_MAX = 100;
    private static final int END = -1;

    private final byte[] in;
    private final int end;
    private int at;
    private int depth;

    // The bytes of the last string or number: in the input, or in the scratch when escapes had to be resolved.
    private byte[] text;
    private int textFrom;
    private int textTo;
    private boolean wellFormed;
    private byte[] scratch = new byte[0];

    JsonCursor(byte[] in) {
        this.in = in;
        this.end = in.length;
        this.text = in;
    }

    byte[] text() {
        return text;
    }

    int textFrom() {
        return textFrom;
    }

    int textTo() {
        return textTo;
    }

    /// The last string has no lone surrogates, which UTF-8 cannot carry.
    boolean wellFormed() {
        return wellFormed;
    }

    int position() {
        return at;
    }

    /// Goes back, or ahead, to a position at the same depth.
    void moveTo(int position) {
        at = position;
    }

    /// The next byte that is no white space, not consumed; -1 at the end.
    int peek() {
        byte[] bytes = in;
        int i = at;
        if (i < end && bytes[i] > ' ') {
            return bytes[i];
        }
        return peekFrom(i);
    }

    private int peekFrom(int from) {
        byte[] bytes = in;
        int i = from;
        while (i < end) {
            byte b = bytes[i];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                at = i;
                return b & 0xFF;
            }
            i++;
        }
        at = i;
        return END;
    }

    /// Consumes the byte that comes next, or fails.
    void expect(int wanted) throws MalformedJsonException {
        if (peek() != wanted) {
            throw malformed("expected " + (char) wanted);
        }
        at++;
    }

    /// Consumes the byte if it comes next.
    boolean accept(int wanted) {
        if (peek() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    void beginObject() throws MalformedJsonException {
        expect('{');
        deeper();
    }

    void beginArray() throws MalformedJsonException {
        expect('[');
        deeper();
    }

    private void deeper() throws MalformedJsonException {
        if (++depth > DEPTH_MAX) {
            throw malformed("nested deeper than " + DEPTH_MAX);
        }
    }

    /// Consumes what stands between two members or elements, or the closing bracket.
    ///
    /// @param first no member came before
    /// @return whether another one follows
    boolean next(boolean first, int close) throws MalformedJsonException {
        int b = peek();
        if (b == close) {
            at++;
            depth--;
            return false;
        }
        if (first) {
            return true;
        }
        if (b != ',') {
            throw malformed("expected , or " + (char) close);
        }
        at++;
        return true;
    }

    /// Reads the name of a member and the colon after it.
    void name() throws MalformedJsonException {
        if (peek() != '"') {
            throw malformed("expected the name of a member");
        }
        string();
        expect(':');
    }

    /// Consumes a member's name and its colon if they come next, written in these very bytes.
    boolean acceptName(PrintedName name) {
        if (peek() != '"' || !name.isAt(in, at)) {
            return false;
        }
        at += name.length();
        return true;
    }

    /// Reads a literal, where [#peek] found its first letter.
    void literal(String word) throws MalformedJsonException {
        int length = word.length();
        for (int i = 0; i < length; i++) {
            if (at + i >= end || in[at + i] != word.charAt(i)) {
                throw malformed("expected a value");
            }
        }
        at += length;
    }

    void requireEnd() throws MalformedJsonException {
        if (peek() != END) {
            throw malformed("goes on after its end");
        }
    }

    /// Reads a string, where [#peek] found its quote.
    void string() throws MalformedJsonException {
        byte[] bytes = in;
        at++;
        int i = Words.endOfPlain(bytes, at, end);
        wellFormed = true;
        while (i < end) {
            byte b = bytes[i];
            if (b == '"') {
                text = bytes;
                textFrom = at;
                textTo = i;
                at = i + 1;
                return;
            }
            if (b == '\\') {
                escaped(i);
                return;
            }
            if (b < 0) {
                i = Words.endOfPlain(bytes, afterCharacter(i), end);
            } else if (b < 0x20) {
                at = i;
                throw malformed("control character in a string");
            } else {
                i = Words.endOfPlain(bytes, i + 1, end);
            }
        }
        at = i;
        throw malformed("the string has no end");
    }

    private void escaped(int firstEscape) throws MalformedJsonException {
        int length = firstEscape - at;
        room(0, length + 64);
        System.arraycopy(in, at, scratch, 0, length);
        int i = firstEscape;
        while (i < end) {
            byte b = in[i];
            if (b == '"') {
                text = scratch;
                textFrom = 0;
                textTo = length;
                at = i + 1;
                return;
            }
            room(length, 4);
            if (b == '\\') {
                at = i;
                length = unescape(i, length);
                i = at;
            } else if (b < 0) {
                int next = afterCharacter(i);
                while (i < next) {
                    scratch[length++] = in[i++];
                }
            } else if (b < 0x20) {
                at = i;
                throw malformed("control character in a string");
            } else {
                scratch[length++] = b;
                i++;
            }
        }
        at = i;
        throw malformed("the string has no end");
    }

    /// Resolves the escape at a position and leaves the cursor behind it.
    private int unescape(int from, int length) throws MalformedJsonException {
        if (from + 1 >= end) {
            throw malformed("the string has no end");
        }
        at = from + 2;
        int plain = switch (in[from + 1]) {
            case '"' -> '"';
            case '\\' -> '\\';
            case '/' -> '/';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> -1;
            default -> -2;
        };
        if (plain == -2) {
            at = from;
            throw malformed("unknown escape in a string");
        }
        if (plain >= 0) {
            scratch[length] = (byte) plain;
            return length + 1;
        }
        int unit = hex(at);
        at += 4;
        if (unit >= 0xD800 && unit < 0xDC00 && at + 1 < end && in[at] == '\\' && in[at + 1] == 'u') {
            int low = hex(at + 2);
            if (low >= 0xDC00 && low < 0xE000) {
                at += 6;
                return append(length, 0x10000 + ((unit - 0xD800) << 10) + low - 0xDC00);
            }
        }
        if (unit >= 0xD800 && unit < 0xE000) {
            wellFormed = false;
            return append(length, 0xFFFD);
        }
        return append(length, unit);
    }

    private int hex(int from) throws MalformedJsonException {
        int unit = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = i < end ? Character.digit(in[i], 16) : -1;
            if (digit < 0) {
                throw malformed("expected four hexadecimal digits after \\u");
            }
            unit = (unit << 4) | digit;
        }
        return unit;
    }

    private int append(int length, int codePoint) {
        int to = length;
        if (codePoint < 0x80) {
            scratch[to++] = (byte) codePoint;
        } else if (codePoint < 0x800) {
            scratch[to++] = (byte) (0xC0 | (codePoint >> 6));
            scratch[to++] = (byte) (0x80 | (codePoint & 0x3F));
        } else if (codePoint < 0x10000) {
            scratch[to++] = (byte) (0xE0 | (codePoint >> 12));
            scratch[to++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
            scratch[to++] = (byte) (0x80 | (codePoint & 0x3F));
        } else {
            scratch[to++] = (byte) (0xF0 | (codePoint >> 18));
            scratch[to++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
            scratch[to++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
            scratch[to++] = (byte) (0x80 | (codePoint & 0x3F));
        }
        return to;
    }

    private void room(int used, int more) {
        if (scratch.length - used < more) {
            scratch = Arrays.copyOf(scratch, Math.max(used + more, scratch.length * 2));
        }
    }

    private int afterCharacter(int from) throws MalformedJsonException {
        int length = Utf8.length(in, from, end);
        if (length == 0) {
            at = from;
            throw malformed("is not UTF-8");
        }
        return from + length;
    }

    /// Reads a number, where [#peek] found something.
    void number() throws MalformedJsonException {
        int i = at;
        if (i < end && in[i] == '-') {
            i++;
        }
        int integer = i;
        i = digits(i);
        boolean leadingZero = i - integer > 1 && in[integer] == '0';
        if (i == integer || leadingZero) {
            throw malformed("expected a value");
        }
        if (i < end && in[i] == '.') {
            int fraction = i + 1;
            i = digits(fraction);
            if (i == fraction) {
                at = i;
                throw malformed("expected digits");
            }
        }
        if (i < end && (in[i] == 'e' || in[i] == 'E')) {
            int exponent = i + 1;
            if (exponent < end && (in[exponent] == '+' || in[exponent] == '-')) {
                exponent++;
            }
            i = digits(exponent);
            if (i == exponent) {
                at = i;
                throw malformed("expected digits");
            }
        }
        text = in;
        textFrom = at;
        textTo = i;
        at = i;
    }

    private int digits(int from) {
        int i = from;
        while (i < end && in[i] >= '0' && in[i] <= '9') {
            i++;
        }
        return i;
    }

    /// Passes over the value that comes next.
    void skip() throws MalformedJsonException {
        switch (peek()) {
            case '{' -> {
                beginObject();
                for (boolean first = true; next(first, '}'); first = false) {
                    name();
                    skip();
                }
            }
            case '[' -> {
                beginArray();
                for (boolean first = true; next(first, ']'); first = false) {
                    skip();
                }
            }
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            case END -> throw malformed("ends too early");
            default -> number();
        }
    }

    /// The failure at the cursor.
    MalformedJsonException malformed(String problem) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < at && i < end; i++) {
            if (in[i] == '\n') {
                line++;
                column = 1;
            } else if (in[i] >= 0 || (in[i] & 0xC0) == 0xC0) {
                // Bytes that continue a character are no columns of their own.
                column++;
            }
        }
        return new MalformedJsonException(
                at >= end && end >= 0 && at == end ? atEnd(problem) : problem, new JsonPosition(line, column));
    }

    private static String atEnd(String problem) {
        return problem.startsWith("expected") ? "ends too early: " + problem : problem;
    }
}
