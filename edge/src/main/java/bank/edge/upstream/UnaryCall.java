package bank.edge.upstream;

import bank.edge.problem.EdgeFailures;
import bank.edge.problem.UpstreamStatus;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import bank.platform.telemetry.LoggedRequest;
import com.linecorp.armeria.client.ResponseTimeoutException;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.ResponseHeaders;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A gRPC call with one message each way, for which no thread waits.
public final class UnaryCall {
    private static final Logger LOG = LoggerFactory.getLogger(UnaryCall.class);

    private final Attempts attempts;
    private final EventExecutor loop;
    private final LongConsumer room;
    private final boolean told;
    private final String requestId;
    private final long deadlineNanos;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private volatile HttpResponse response;
    private volatile boolean cancelled;

    /// What the service answered.
    public static final class Answer {
        private final ResponseHeaders headers;
        private final byte[] message;

        private Answer(ResponseHeaders headers, byte[] message) {
            this.headers = headers;
            this.message = message;
        }

        /// Headers of the answer.
        public ResponseHeaders headers() {
            return headers;
        }

        /// The message's wire bytes.
        public byte[] message() {
            return message;
        }
    }

    /// @param request makes the request anew for each try
    /// @param told the service may set headers of an HTTP answer
    /// @param loop thread the answer is received on
    /// @param requestId what lines in the log name the request by
    /// @param room see [GrpcFrames]
    UnaryCall(
            Attempts attempts,
            Supplier<HttpRequest> request,
            boolean told,
            EventExecutor loop,
            String requestId,
            long deadlineNanos,
            LongConsumer room) {
        this.attempts = attempts;
        this.told = told;
        this.loop = loop;
        this.requestId = requestId;
        this.deadlineNanos = deadlineNanos;
        this.room = room;
        this.response = attempts.begin(request);
        response.subscribe(new Receiver(room), loop);
    }

    /// The answer; or the [bank.platform.failure.FailureException] that tells why there is none.
    public CompletableFuture<Answer> answer() {
        return answer;
    }

    /// Ends the call at once; the service sees it cancelled. No harm when it has ended.
    public void cancel() {
        cancelled = true;
        attempts.end();
        response.abort();
    }

    private void receive(HttpResponse next) {
        response = next;
        next.subscribe(new Receiver(room), loop);
        if (cancelled) {
            next.abort();
        }
    }

    /// Why a call broke off.
    ///
    /// @param cancelled it was broken off from here
    static Failure broken(Throwable cause, boolean cancelled, long deadlineNanos) {
        if (cause instanceof ResponseTimeoutException || System.nanoTime() - deadlineNanos >= 0) {
            return EdgeFailures.deadlineExceeded();
        }
        if (cancelled) {
            return EdgeFailures.cancelled();
        }
        if (cause instanceof ContentTooLargeException tooLarge) {
            return EdgeFailures.contentTooLarge(tooLarge.maxContentLength());
        }
        if (!Upstreams.isLeftOut(cause)) {
            LOG.warn("call broke off: {}", cause.toString());
        }
        return EdgeFailures.upstreamDown();
    }

    private final class Receiver implements Subscriber<HttpObject> {
        private final GrpcFrames frames;
        private @Nullable ResponseHeaders headers;
        private @Nullable HttpHeaders trailers;
        private boolean left;

        Receiver(LongConsumer room) {
            frames = new GrpcFrames(room);
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            // The length of a message is bounded, and a second one ends the call.
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(HttpObject object) {
            if (left) {
                return;
            }
            switch (object) {
                case ResponseHeaders head when head.status().isInformational() -> {}
                case ResponseHeaders head when !isSeen(head) -> {}
                case ResponseHeaders head
                when !UpstreamStatus.isOfGrpc(head) -> {
                    // What stands between here and the service, whose body is no message.
                    answer.completeExceptionally(EdgeFailures.upstreamDown().exception());
                    cancel();
                }
                case ResponseHeaders head -> {
                    headers = head;
                    if (UpstreamStatus.isIn(head)) {
                        trailers = head;
                    }
                }
                case HttpHeaders end -> trailers = attempts.ended(end);
                case HttpData data -> {
                    if (!answer.isDone()) {
                        take(data);
                    }
                }
                default -> throw new IllegalStateException("neither headers nor data");
            }
        }

        /// Whether the headers are those of an answer; else what follows is left unread, and the call made again.
        private boolean isSeen(ResponseHeaders head) {
            try {
                attempts.seen(head);
                return true;
            } catch (Attempts.Unavailable e) {
                left = true;
                response.abort();
                failed(e);
                return false;
            }
        }

        private void take(HttpData data) {
            try {
                frames.add(data.array());
                if (frames.isBeyondOne()) {
                    throw new IllegalStateException("more than one message");
                }
            } catch (IllegalStateException e) {
                fail(e);
                cancel();
            } catch (FailureException e) {
                answer.completeExceptionally(e);
                cancel();
            }
        }

        @Override
        public void onError(Throwable cause) {
            if (!left) {
                failed(cause);
            }
        }

        private void failed(Throwable thrown) {
            HttpResponse next = headers == null ? attempts.next(thrown) : null;
            if (next != null) {
                receive(next);
                return;
            }
            LoggedRequest.run(
                    requestId,
                    () -> answer.completeExceptionally(broken(Attempts.cause(thrown), cancelled, deadlineNanos)
                            .exception()));
        }

        @Override
        public void onComplete() {
            if (left) {
                return;
            }
            ResponseHeaders head = headers;
            if (head == null) {
                answer.completeExceptionally(EdgeFailures.upstreamDown().exception());
                return;
            }
            Failure failure = trailers == null ? EdgeFailures.internal() : UpstreamStatus.read(trailers, told);
            byte[] message = frames.poll();
            if (failure != null) {
                answer.completeExceptionally(failure.exception());
            } else if (message == null || frames.poll() != null || frames.midMessage()) {
                fail(new IllegalStateException("not one message"));
            } else {
                answer.complete(new Answer(head, message));
            }
        }

        private void fail(IllegalStateException cause) {
            LoggedRequest.run(requestId, () -> LOG.error("the service's answer is none", cause));
            answer.completeExceptionally(EdgeFailures.internal().exception());
        }
    }
}
