package bank.document.content;

import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A ClamAV daemon, spoken to by its INSTREAM command (clamd(8)): chunks with their length before them,
/// an empty one at the end, then one line with the verdict.
public final class ClamAv implements VirusScanner {
    private static final Logger log = LoggerFactory.getLogger(ClamAv.class);
    private static final String TOO_LARGE = "INSTREAM size limit exceeded";
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int ANSWER_BYTES_MAX = 4096;
    private static final Duration CONNECT_TIME_MAX = Duration.ofSeconds(5);

    private final String host;
    private final int port;
    private final Duration answerTimeMax;

    /// @param answerTimeMax longest wait for the verdict
    public ClamAv(String host, int port, Duration answerTimeMax) {
        this.host = host;
        this.port = port;
        this.answerTimeMax = answerTimeMax;
    }

    @Override
    public void scan(ReceivedContent content) {
        var verdict = verdict(content);
        if (verdict.endsWith(" FOUND")) {
            throw new DocumentException(new DocumentFailure.ContentInfected(
                    verdict.substring(verdict.indexOf(':') + 1, verdict.length() - " FOUND".length())
                            .strip()));
        }
        if (verdict.startsWith(TOO_LARGE)) {
            log.warn(
                    "a content of {} bytes is refused, for the virus scanner takes none of that size: raise its"
                            + " StreamMaxLength",
                    content.sizeBytes());
            throw new DocumentException(new DocumentFailure.ContentTooLargeToScan(content.sizeBytes()));
        }
        if (!verdict.equals("stream: OK")) {
            log.error("the virus scanner refused a content of {} bytes: {}", content.sizeBytes(), verdict);
            throw unavailable();
        }
    }

    private String verdict(ReceivedContent content) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) CONNECT_TIME_MAX.toMillis());
            socket.setSoTimeout((int) answerTimeMax.toMillis());
            try {
                send(content, socket);
            } catch (SocketException e) {
                // It says why before it closes in the middle of a content.
                return answer(socket, e);
            }
            return answer(socket, null);
        } catch (IOException e) {
            log.error("the virus scanner at {}:{} does not answer: {}", host, port, e.toString());
            throw unavailable();
        }
    }

    private static void send(ReceivedContent content, Socket socket) throws IOException {
        var out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), CHUNK_BYTES));
        out.write("zINSTREAM\0".getBytes(StandardCharsets.US_ASCII));
        var buffer = new byte[CHUNK_BYTES];
        try (var in = content.open()) {
            for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.writeInt(read);
                out.write(buffer, 0, read);
            }
        }
        out.writeInt(0);
        out.flush();
    }

    /// The one line that comes back, up to its NUL: what follows is of no interest, and may be a reset.
    private static String answer(Socket socket, @Nullable SocketException broken) throws IOException {
        var line = new ByteArrayOutputStream();
        var in = socket.getInputStream();
        try {
            for (var next = in.read(); next > 0 && line.size() < ANSWER_BYTES_MAX; next = in.read()) {
                line.write(next);
            }
        } catch (SocketException e) {
            throw broken == null ? e : broken;
        }
        if (line.size() == 0 && broken != null) {
            throw broken;
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }

    private static DocumentException unavailable() {
        return new DocumentException(new DocumentFailure.ScannerUnavailable());
    }
}
