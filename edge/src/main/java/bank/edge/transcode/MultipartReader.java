package bank.edge.transcode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the parts of a `multipart/form-data` body one after the other, in memory that does not depend on their
/// length.
final class MultipartReader {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int PART_HEADER_BYTES_MAX = 16 * 1024;

    private final InputStream in;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int limit;
    private @Nullable Content open;

    /// One part: what its header says, and its bytes, to be read before the next part is asked for.
    record Part(PartHeader header, InputStream content) {}

    /// @param boundary as the media type names it
    MultipartReader(InputStream in, String boundary) {
        this.in = in;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        // The first delimiter may stand at the very beginning, without a line end before it.
        buffer[0] = '\r';
        buffer[1] = '\n';
        limit = 2;
        open = new Content();
    }

    /// The next part; null after the closing boundary. What is left of the part before is passed over.
    ///
    /// @throws MultipartException when the body is none, or ends before its closing boundary
    /// @throws IOException when the client goes away
    @Nullable
    Part next() throws IOException {
        if (open == null) {
            return null;
        }
        open.pass();
        if (startsWith("--")) {
            at += 2;
            open = null;
            return null;
        }
        PartHeader header = PartHeader.parse(header());
        open = new Content();
        return new Part(header, open);
    }

    /// Passes over what may follow the closing boundary.
    void end() throws IOException {
        at = 0;
        limit = 0;
        int n = 0;
        while (n >= 0) {
            n = in.read(buffer);
        }
    }

    /// Reads from behind a delimiter to the empty line before the content.
    private List<String> header() throws IOException {
        if (!line(PART_HEADER_BYTES_MAX).isBlank()) {
            throw new MultipartException("a boundary is followed by something else than a line end");
        }
        var lines = new ArrayList<String>();
        int left = PART_HEADER_BYTES_MAX;
        for (String line = line(left); !line.isEmpty(); line = line(left)) {
            left -= line.length();
            lines.add(line);
        }
        return lines;
    }

    private String line(int bytesMax) throws IOException {
        var line = new ByteArrayOutputStream();
        boolean carriageReturn = false;
        while (true) {
            if (at == limit && !fill()) {
                throw new MultipartException("the body ends within the header of a part");
            }
            byte next = buffer[at++];
            if (next == '\n' && carriageReturn) {
                return HeaderText.decode(line.toByteArray());
            }
            if (carriageReturn) {
                line.write('\r');
            }
            carriageReturn = next == '\r';
            if (!carriageReturn) {
                line.write(next);
            }
            if (line.size() > bytesMax) {
                throw new MultipartException("the header of a part is longer than " + PART_HEADER_BYTES_MAX + " bytes");
            }
        }
    }

    private boolean startsWith(String text) throws IOException {
        while (limit - at < text.length()) {
            if (!fill()) {
                throw new MultipartException("the body ends before its closing boundary");
            }
        }
        return new String(buffer, at, text.length(), StandardCharsets.ISO_8859_1).equals(text);
    }

    /// Reads more behind what is there; false at the end of the body.
    private boolean fill() throws IOException {
        if (at > 0) {
            System.arraycopy(buffer, at, buffer, 0, limit - at);
            limit -= at;
            at = 0;
        }
        int n = in.read(buffer, limit, buffer.length - limit);
        if (n < 0) {
            return false;
        }
        limit += n;
        return true;
    }

    /// Where the next delimiter begins, or the first byte that may begin one; the limit when there is none.
    private int delimiterOrSuspect() {
        for (int i = at; i < limit; i++) {
            if (buffer[i] != '\r') {
                continue;
            }
            int length = Math.min(delimiter.length, limit - i);
            if (Arrays.equals(buffer, i, i + length, delimiter, 0, length)) {
                return i;
            }
        }
        return limit;
    }

    /// The bytes up to the next delimiter, which is passed over at the end.
    private final class Content extends InputStream {
        private boolean ended;

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (ended || length == 0) {
                return ended ? -1 : 0;
            }
            while (true) {
                int end = delimiterOrSuspect();
                if (end > at) {
                    int n = Math.min(length, end - at);
                    System.arraycopy(buffer, at, into, offset, n);
                    at += n;
                    return n;
                }
                if (limit - at >= delimiter.length) {
                    at += delimiter.length;
                    ended = true;
                    return -1;
                }
                if (!fill()) {
                    throw new MultipartException("the body ends before its closing boundary");
                }
            }
        }

        void pass() throws IOException {
            var passed = new byte[8192];
            int n = 0;
            while (n >= 0) {
                n = read(passed, 0, passed.length);
            }
        }
    }
}
