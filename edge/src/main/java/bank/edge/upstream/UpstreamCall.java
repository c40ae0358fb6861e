package bank.edge.upstream;

import bank.edge.problem.EdgeFailures;
import bank.edge.problem.UpstreamStatus;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One gRPC call to a service. Sending and receiving block, so it belongs on a virtual thread; [#cancel()] may come
/// from any. A call that is closed before its answer has ended is cancelled.
public final class UpstreamCall implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamCall.class);

    private final HttpRequestWriter request;
    private final HttpResponse response;
    private final PulledStream<HttpObject> answer;
    private final GrpcFrames frames;
    private final boolean told;
    private final long deadlineNanos;
    private @Nullable ResponseHeaders headers;
    private boolean ended;
    private volatile boolean cancelled;

    /// @param told the service may set headers of an HTTP answer
    /// @param room see [GrpcFrames]
    UpstreamCall(
            HttpRequestWriter request, HttpResponse response, boolean told, long deadlineNanos, LongConsumer room) {
        this.request = request;
        this.response = response;
        this.answer = new PulledStream<>(response);
        this.told = told;
        this.deadlineNanos = deadlineNanos;
        this.frames = new GrpcFrames(room);
    }

    /// Sends one message, given in parts, and waits until it is on its way.
    ///
    /// @return false when the service takes no more, for its answer has ended
    public boolean send(byte[]... parts) {
        if (!request.tryWrite(GrpcFrames.frame(parts))) {
            return false;
        }
        try {
            request.whenConsumed().join();
            return true;
        } catch (CompletionException e) {
            if (e.getCause() instanceof ClosedStreamException) {
                return false;
            }
            LOG.debug("sending ended early", e);
            return false;
        }
    }

    /// Tells the service that no message follows.
    public void halfClose() {
        request.close();
    }

    /// Waits for the next message; null when the call ended well.
    ///
    /// @throws bank.platform.failure.FailureException when it did not
    public byte @Nullable [] receive() {
        try {
            while (frames.isEmpty() && !ended) {
                take();
            }
            return frames.poll();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /// Waits until [#receive()] would not have to; false when neither a message nor the end came in time.
    ///
    /// @param wait longest wait; zero asks what is there
    /// @throws bank.platform.failure.FailureException when the call did not end well
    public boolean arrived(Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        try {
            while (frames.isEmpty() && !ended) {
                if (!answer.arrived(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
                    return false;
                }
                take();
            }
            return true;
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private FailureException broken(IOException e) {
        return UnaryCall.broken(e.getCause() == null ? e : e.getCause(), cancelled, deadlineNanos)
                .exception();
    }

    private void take() throws IOException {
        switch (answer.next()) {
            case ResponseHeaders head when head.status().isInformational() -> {}
            case ResponseHeaders head -> {
                headers = head;
                if (!UpstreamStatus.isOfGrpc(head)) {
                    throw EdgeFailures.upstreamDown().exception();
                }
                if (UpstreamStatus.isIn(head)) {
                    end(head);
                }
            }
            case HttpHeaders trailers -> end(trailers);
            case HttpData data -> frames.add(data.array());
            case null -> throw EdgeFailures.internal().exception();
            default -> throw new IllegalStateException("neither headers nor data");
        }
    }

    private void end(HttpHeaders trailers) {
        ended = true;
        Failure failure = UpstreamStatus.read(trailers, told);
        if (failure != null) {
            throw failure.exception();
        }
        if (frames.midMessage()) {
            throw EdgeFailures.internal().exception();
        }
    }

    /// Headers of the answer; there after the first [#receive()], or when [#arrived(Duration)] said so.
    ///
    /// @throws IllegalStateException before
    public ResponseHeaders headers() {
        if (headers == null) {
            throw new IllegalStateException("no headers received yet");
        }
        return headers;
    }

    /// Ends the call at once; the service sees it cancelled. No harm when it has ended.
    public void cancel() {
        cancelled = true;
        request.abort();
        response.abort();
    }

    @Override
    public void close() {
        if (!ended) {
            cancel();
        }
    }
}
