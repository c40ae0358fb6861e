package bank.edge;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A connection over HTTP/1.1 on which anything may be sent.
final class RawHttp implements AutoCloseable {
    private static final int PAUSE_MILLIS = 100;
    private static final int TRICKLES_MAX = 200;
    private static final int SILENCE_MILLIS_MAX = 20_000;

    private final Socket socket;
    private final InputStream in;

    /// @param headers by name in lower case
    record Answer(int status, Map<String, String> headers, String body) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    RawHttp(int port) throws IOException {
        this(port, 0);
    }

    /// @param windowBytes about as much as the server may send before it is read; 0 for the usual
    RawHttp(int port, int windowBytes) throws IOException {
        socket = new Socket();
        if (windowBytes > 0) {
            socket.setReceiveBufferSize(windowBytes);
        }
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        socket.setSoTimeout(SILENCE_MILLIS_MAX);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /// Sends text as it is, a byte for each character.
    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /// The next final answer; null when the server closed the connection.
    @Nullable
    Answer receive() throws IOException {
        String head = head();
        if (head.isEmpty()) {
            return null;
        }
        String[] lines = head.split("\r\n", -1);
        var headers = new TreeMap<String, String>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.merge(
                        lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip(),
                        (a, b) -> a + ", " + b);
            }
        }
        int status = Integer.parseInt(lines[0].split(" ", -1)[1]);
        if (status < 200) {
            return receive();
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] body =
                headers.getOrDefault("transfer-encoding", "").equals("chunked") ? chunks() : in.readNBytes(length);
        return new Answer(status, headers, new String(body, StandardCharsets.UTF_8));
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        int length;
        do {
            length = Integer.parseInt(line(), 16);
            body.writeBytes(in.readNBytes(length));
            String end = line();
            if (!end.isEmpty()) {
                throw new IOException("no end of a chunk: " + end);
            }
        } while (length > 0);
        return body.toByteArray();
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        while (!line.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("the connection ended within a line");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    /// Sends one more byte every tenth of a second until the server answers or closes the connection.
    void trickle(char each) throws IOException {
        socket.setSoTimeout(PAUSE_MILLIS);
        try {
            for (int i = 0; i < TRICKLES_MAX; i++) {
                in.mark(1);
                try {
                    if (in.read() >= 0) {
                        in.reset();
                    }
                    return;
                } catch (SocketTimeoutException _) {
                    send(String.valueOf(each));
                } catch (SocketException _) {
                    return;
                }
            }
            throw new AssertionError("the server neither answers nor closes the connection");
        } finally {
            socket.setSoTimeout(SILENCE_MILLIS_MAX);
        }
    }

    /// The server sends nothing for so long and leaves the connection open.
    boolean isSilentFor(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        in.mark(1);
        try {
            if (in.read() >= 0) {
                in.reset();
            }
            return false;
        } catch (SocketTimeoutException _) {
            return true;
        } finally {
            socket.setSoTimeout(SILENCE_MILLIS_MAX);
        }
    }

    /// Sends nothing more, and still listens.
    void end() throws IOException {
        socket.shutdownOutput();
    }

    private String head() throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b;
            try {
                b = in.read();
            } catch (SocketException _) {
                b = -1;
            }
            if (b < 0) {
                return "";
            }
            head.write(b);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
