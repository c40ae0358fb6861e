package bank.document.content;

import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A ClamAV daemon, spoken to by its INSTREAM command (clamd(8)): chunks with their length before them,
/// an empty one at the end, then one line with the verdict.
public final class ClamAv implements VirusScanner {
    private static final Logger log = LoggerFactory.getLogger(ClamAv.class);
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
        if (!verdict.equals("stream: OK")) {
            log.error("the virus scanner refused a content of {} bytes: {}", content.sizeBytes(), verdict);
            throw unavailable();
        }
    }

    private String verdict(ReceivedContent content) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) CONNECT_TIME_MAX.toMillis());
            socket.setSoTimeout((int) answerTimeMax.toMillis());
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
            var answer = socket.getInputStream().readNBytes(ANSWER_BYTES_MAX);
            return new String(answer, StandardCharsets.UTF_8).replace("\0", "").strip();
        } catch (IOException e) {
            log.error("the virus scanner at {}:{} does not answer: {}", host, port, e.toString());
            throw unavailable();
        }
    }

    private static DocumentException unavailable() {
        return new DocumentException(new DocumentFailure.ScannerUnavailable());
    }
}
