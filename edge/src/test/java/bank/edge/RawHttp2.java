package bank.edge;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A connection over HTTP/2 with prior knowledge on which any frame may be sent (RFC 9113, section 4.1). Headers go
/// without compression.
final class RawHttp2 implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    private static final int ACK = 1;
    private static final int FRAME_HEAD = 9;
    private static final int SHORT_MAX = 127;
    private static final int SILENCE_MILLIS_MAX = 20_000;

    private final Socket socket;
    private final DataInputStream in;

    /// A frame the server sent.
    record Frame(int type, int flags, int stream, byte[] payload) {
        /// The status in a frame of headers, the first of its connection.
        int status() {
            return Integer.parseInt(header(":status"));
        }

        /// The value of a header in such a frame.
        String header(String name) {
            try {
                return String.valueOf(new DefaultHttp2HeadersDecoder()
                        .decodeHeaders(stream, Unpooled.wrappedBuffer(payload))
                        .get(name));
            } catch (Http2Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    RawHttp2(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(SILENCE_MILLIS_MAX);
        in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        send(SETTINGS, 0, 0, new byte[0]);
    }

    void send(int type, int flags, int stream, byte[] payload) throws IOException {
        socket.getOutputStream()
                .write(ByteBuffer.allocate(FRAME_HEAD + payload.length)
                        .putInt(payload.length << 8 | type)
                        .put((byte) flags)
                        .putInt(stream)
                        .put(payload)
                        .array());
    }

    /// Sends headers, names and values in turn, as literals without indexing (RFC 7541, section 6.2.2).
    void headers(int flags, int stream, String... namesAndValues) throws IOException {
        var block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i++) {
            if (i % 2 == 0) {
                block.write(0);
            }
            literal(block, namesAndValues[i].getBytes(StandardCharsets.US_ASCII));
        }
        send(HEADERS, flags, stream, block.toByteArray());
    }

    private static void literal(ByteArrayOutputStream block, byte[] text) {
        int rest = text.length - SHORT_MAX;
        block.write(Math.min(text.length, SHORT_MAX));
        for (; rest >= 0; rest = rest < 0x80 ? -1 : rest >> 7) {
            block.write(rest < 0x80 ? rest : rest & 0x7F | 0x80);
        }
        block.writeBytes(text);
    }

    /// Sends pings, one a millisecond, until the connection or the schedule is closed.
    void ping(ScheduledExecutorService schedule) {
        var _ = schedule.scheduleAtFixedRate(
                () -> {
                    try {
                        send(PING, 0, 0, new byte[Long.BYTES]);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                0,
                1,
                TimeUnit.MILLISECONDS);
    }

    /// The next frame that is neither about settings nor windows nor pings; null when the server closed the connection.
    @Nullable
    Frame receive() throws IOException {
        while (true) {
            int first;
            try {
                first = in.read();
            } catch (SocketException _) {
                first = -1;
            }
            if (first < 0) {
                return null;
            }
            int length = first << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            var frame = new Frame(type, flags, in.readInt(), in.readNBytes(length));
            if (type == SETTINGS && flags != ACK) {
                send(SETTINGS, ACK, 0, new byte[0]);
            }
            if (type == DATA || type == HEADERS || type == RST_STREAM || type == GOAWAY) {
                return frame;
            }
        }
    }

    /// The server sends nothing for so long and leaves the connection open.
    boolean isSilentFor(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        try {
            in.read();
            return false;
        } catch (SocketTimeoutException _) {
            return true;
        } finally {
            socket.setSoTimeout(SILENCE_MILLIS_MAX);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
