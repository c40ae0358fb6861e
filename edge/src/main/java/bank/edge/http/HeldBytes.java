package bank.edge.http;

import bank.edge.problem.EdgeFailures;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.concurrent.atomic.AtomicLong;

/// The messages that are held whole, from all clients together: bounded, so that no number of calls exhausts the
/// memory. A body that comes in one piece is not counted, and neither is what streams, which is held back instead,
/// but for the longest message of a streamed answer.
public final class HeldBytes {
    /// Longest answer that is not counted.
    public static final int SHORT_BYTES_MAX = 64 * 1024;

    /// What a request takes at least while the rest of its body is awaited.
    private static final int BODY_BYTES_MIN = 4 * 1024;

    private final long max;
    private final AtomicLong held = new AtomicLong();

    /// @param max most bytes held at a time
    public HeldBytes(long max) {
        this.max = max;
    }

    /// What one exchange holds, until its answer is out.
    public Share share(ServiceRequestContext ctx) {
        return new Share(ctx);
    }

    /// What one exchange holds.
    public final class Share {
        private final ServiceRequestContext ctx;

        private Share(ServiceRequestContext ctx) {
            this.ctx = ctx;
        }

        /// Takes room until the answer is out, or the client gone.
        ///
        /// @throws bank.platform.failure.FailureException UNAVAILABLE, reason OVERLOADED, when there is none
        public void take(long bytes) {
            if (held.addAndGet(bytes) > max) {
                held.addAndGet(-bytes);
                throw EdgeFailures.overloaded().exception();
            }
            giveBack(bytes);
        }

        /// The same, also when there is none.
        public void overdraw(long bytes) {
            held.addAndGet(bytes);
            giveBack(bytes);
        }

        private void giveBack(long bytes) {
            var _ = ctx.log().whenComplete().thenRun(() -> held.addAndGet(-bytes));
        }

        /// The request, whose body takes room as it comes. Without room it ends with the failure.
        public HttpRequest counted(HttpRequest request) {
            return request.isEmpty() ? request : request.mapData(body(request.headers())::counted);
        }

        /// The body of a request, not begun yet.
        public Body body(RequestHeaders headers) {
            return new Body(headers.contentLength());
        }

        /// A body as it comes.
        public final class Body {
            private final long length;
            private long size;
            private long taken;

            private Body(long length) {
                this.length = length;
            }

            /// Takes room for one more piece. A body that is whole in its first takes none.
            ///
            /// @throws bank.platform.failure.FailureException reason OVERLOADED, when there is none
            public void count(HttpData piece) {
                size += piece.length();
                boolean whole = piece.isEndOfStream() || size == length;
                if (size <= taken || (taken == 0 && whole)) {
                    return;
                }
                // Doubled, as the buffer is that gathers it.
                long doubled = length < 0 ? taken * 2 : Math.min(taken * 2, length);
                long room = Math.max(Math.max(size, doubled), BODY_BYTES_MIN);
                take(room - taken);
                taken = room;
            }

            private HttpData counted(HttpData piece) {
                count(piece);
                return piece;
            }
        }
    }
}
