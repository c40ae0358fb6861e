package bank.edge.transcode;

import bank.edge.problem.EdgeFailures;
import bank.edge.upstream.PulledStream;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// The body of a request as a stream to read from, bounded. Reading fails with an `IOException` when the client goes
/// away or breaks the body off. What is not read is left to the server, which drops it when the answer is out: dropping
/// it earlier, from another thread, races with what still arrives and may reset the stream under the answer.
final class RequestBody extends InputStream {
    private static final long NONE_BYTES_MAX = Long.MAX_VALUE;

    private final PulledStream<HttpObject> stream;
    private final long bytesMax;
    private byte[] chunk = new byte[0];
    private int at;
    private long received;

    /// @throws bank.platform.failure.FailureException CONTENT_TOO_LARGE, also while reading
    RequestBody(HttpRequest request, long bytesMax) {
        this.bytesMax = bytesMax;
        if (request.headers().contentLength() > bytesMax) {
            throw EdgeFailures.contentTooLarge(bytesMax).exception();
        }
        this.stream = new PulledStream<>(request);
    }

    @Override
    public int read() throws IOException {
        return fill() ? chunk[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int n = Math.min(length, chunk.length - at);
        System.arraycopy(chunk, at, into, offset, n);
        at += n;
        return n;
    }

    private boolean fill() throws IOException {
        while (at == chunk.length) {
            @Nullable HttpObject next = stream.next();
            if (next == null) {
                return false;
            }
            if (next instanceof HttpData data) {
                chunk = data.array();
                at = 0;
                received += chunk.length;
                if (received > bytesMax) {
                    throw EdgeFailures.contentTooLarge(bytesMax).exception();
                }
            }
        }
        return true;
    }

    /// Refuses a body.
    ///
    /// @throws bank.platform.failure.FailureException reason BODY_UNEXPECTED when there is one
    static void requireNone(HttpRequest request) throws IOException {
        if (new RequestBody(request, NONE_BYTES_MAX).read() >= 0) {
            throw EdgeFailures.malformed("BODY_UNEXPECTED", "this operation takes no body")
                    .exception();
        }
    }
}
