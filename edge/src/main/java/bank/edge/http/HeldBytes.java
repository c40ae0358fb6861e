package bank.edge.http;

import bank.edge.problem.EdgeFailures;
import bank.platform.failure.FailureException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.concurrent.atomic.AtomicLong;

/// The long messages that are held whole, from all clients together: bounded, so that no number of calls exhausts the
/// memory. Short ones are not counted, and neither is what streams, which is held back instead.
public final class HeldBytes {
    /// Longest message that is not counted.
    public static final int SHORT_BYTES_MAX = 64 * 1024;

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
            var _ = ctx.log().whenComplete().thenRun(() -> held.addAndGet(-bytes));
        }

        /// The request, whose body takes room as it comes, once it is long. Without room it ends with the failure.
        public HttpRequest counted(HttpRequest request) {
            long length = request.headers().contentLength();
            return request.isEmpty() || (length >= 0 && length <= SHORT_BYTES_MAX)
                    ? request
                    : request.mapData(new Body(length < 0 ? Long.MAX_VALUE : length)::count);
        }

        private final class Body {
            private final long sizeMax;
            private long size;
            private long taken;

            private Body(long sizeMax) {
                this.sizeMax = sizeMax;
            }

            private HttpData count(HttpData data) {
                size += data.length();
                if (size > SHORT_BYTES_MAX && size > taken) {
                    // Doubled, as the buffer is that gathers it.
                    long room = Math.max(size, Math.min(taken * 2, sizeMax));
                    try {
                        take(room - taken);
                    } catch (FailureException e) {
                        data.close();
                        throw e;
                    }
                    taken = room;
                }
                return data;
            }
        }
    }
}
