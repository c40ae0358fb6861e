package bank.document;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// Speaks the INSTREAM part of clamd's protocol and finds one signature.
public final class Clamd implements AutoCloseable {
    /// What it takes for a virus.
    public static final String INFECTION = "INFECTED-BY-TEST";

    /// What it cannot judge while it is unwell.
    public static final String PUZZLE = "PUZZLE-BY-TEST";

    /// Most bytes it looks at: it says so at the first one beyond, and closes.
    public static final int BYTES_MAX = 1_000_000;

    private final ServerSocket server;
    private final Thread thread;
    private volatile byte[] lastContent = new byte[0];
    private volatile boolean unwell;

    public Clamd() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread = Thread.ofVirtual().name("clamd").start(this::serve);
    }

    public int port() {
        return server.getLocalPort();
    }

    /// Makes it unwell, or well again.
    public void unwell(boolean now) {
        unwell = now;
    }

    /// The content looked at last.
    public byte[] lastContent() {
        return lastContent;
    }

    @Override
    public void close() throws IOException {
        server.close();
        try {
            // Only when nobody accepts any more is the port closed.
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve() {
        while (!server.isClosed()) {
            try (var socket = server.accept()) {
                answer(socket);
            } catch (IOException e) {
                // Closed by the test, or by a client that gave up.
                continue;
            }
        }
    }

    private void answer(Socket socket) throws IOException {
        var in = new DataInputStream(socket.getInputStream());
        var command = new String(in.readNBytes(10), StandardCharsets.US_ASCII);
        if (!command.equals("zINSTREAM\0")) {
            socket.getOutputStream().write("UNKNOWN COMMAND\0".getBytes(StandardCharsets.US_ASCII));
            return;
        }
        var content = new ByteArrayOutputStream();
        for (var length = in.readInt(); length > 0 && content.size() <= BYTES_MAX; length = in.readInt()) {
            content.write(in.readNBytes(length));
        }
        lastContent = content.toByteArray();
        socket.getOutputStream().write((verdict(content) + "\0").getBytes(StandardCharsets.US_ASCII));
    }

    private String verdict(ByteArrayOutputStream content) {
        if (content.size() > BYTES_MAX) {
            return "INSTREAM size limit exceeded. ERROR";
        }
        var text = content.toString(StandardCharsets.ISO_8859_1);
        if (unwell && text.contains(PUZZLE)) {
            return "stream: Can't allocate memory ERROR";
        }
        return text.contains(INFECTION) ? "stream: Test.Signature-1 FOUND" : "stream: OK";
    }
}
