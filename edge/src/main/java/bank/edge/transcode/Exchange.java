package bank.edge.transcode;

import bank.edge.http.HeldBytes;
import bank.edge.problem.EdgeFailures;
import bank.edge.problem.Problems;
import bank.edge.route.PathEncodingException;
import bank.edge.route.RouteMatch;
import bank.edge.route.Rpc;
import bank.edge.upstream.UnaryCall;
import bank.edge.upstream.UpstreamCall;
import bank.edge.upstream.Upstreams;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import bank.platform.telemetry.LoggedRequest;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One HTTP request and its answer. When the client goes away, the call to the service goes with it.
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private static final Set<String> READS = Set.of("GET", "HEAD");

    private final HttpRequest request;
    private final Caller caller;
    private final HeldBytes.Share held;
    private final Consumer<Failure> failed;
    private final Consumer<ResponseHeadersBuilder> completed;
    private final CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
    private final HttpResponse response = HttpResponse.of(answer);
    private @Nullable Runnable hangUp;
    private boolean cancelled;

    /// Who sent a request, and how.
    ///
    /// @param address his address, e.g. `192.0.2.7`
    /// @param requestId id of the request
    /// @param path path as received, without the query
    /// @param query query as received; null when there is none
    record Caller(
            String address,
            String requestId,
            String path,
            @Nullable String query) {}

    /// What the request asks for, known once its route is.
    ///
    /// @param route the rule and its path variables
    /// @param query the query's parameters
    /// @param call the call to the service, not begun yet
    record Target(RouteMatch.Found route, Map<String, List<String>> query, Call call) {
        Rpc rpc() {
            return route.rule().rpc();
        }
    }

    /// A call to the service.
    ///
    /// @param headers path and metadata
    /// @param deadline when it is given up, by `System.nanoTime()`
    record Call(Upstreams upstreams, RequestHeadersBuilder headers, long deadline) {
        /// Begins it, for a thread to wait for.
        UpstreamCall open(LongConsumer room) {
            Duration left = left();
            return upstreams.call(CallHeaders.within(headers, left).build(), left, room);
        }

        /// Makes it, with one message each way.
        UnaryCall unary(byte[] message, LongConsumer room) {
            Duration left = left();
            return upstreams.unary(CallHeaders.within(headers, left), message, left, room);
        }

        /// What the check of the token and the body have left of the time.
        private Duration left() {
            long nanos = deadline - System.nanoTime();
            if (nanos <= 0) {
                throw EdgeFailures.deadlineExceeded().exception();
            }
            return Duration.ofNanos(nanos);
        }
    }

    /// @param held what it holds
    /// @param failed told of what is told the client
    /// @param completed adds to an answer's headers what the edge says in them beside the answer
    Exchange(
            HttpRequest request,
            Caller caller,
            HeldBytes.Share held,
            Consumer<Failure> failed,
            Consumer<ResponseHeadersBuilder> completed) {
        this.request = request;
        this.caller = caller;
        this.held = held;
        this.failed = failed;
        this.completed = completed;
        response.whenComplete().exceptionally(_ -> {
            cancel();
            return null;
        });
    }

    HttpRequest request() {
        return request;
    }

    /// The whole body, see [CollectedBody#of].
    CompletableFuture<byte[]> body(long bytesMax, Supplier<Failure> tooLong) {
        return CollectedBody.of(request, bytesMax, tooLong, held);
    }

    /// The request, for one who reads its whole body.
    HttpRequest wholeRequest() {
        return held.counted(request);
    }

    RequestHeaders headers() {
        return request.headers();
    }

    Caller caller() {
        return caller;
    }

    /// The answer to hand to the server, before it is known.
    HttpResponse response() {
        return response;
    }

    /// Begins the call to the service, which ends early when the client goes away.
    UpstreamCall open(Target target) {
        UpstreamCall opened = target.call().open(room(target));
        whenGone(opened::cancel);
        return opened;
    }

    /// Makes the call to the service, with one message each way. It ends early when the client goes away.
    CompletableFuture<UnaryCall.Answer> call(Target target, byte[] message) {
        UnaryCall made = target.call().unary(message, room(target));
        whenGone(made::cancel);
        return made.answer();
    }

    /// Takes room for long answers. Of a call that may have changed something the answer is given also when there is
    /// none.
    private LongConsumer room(Target target) {
        MethodDescriptor method = target.rpc().method();
        boolean reads = READS.contains(target.route().rule().httpMethod())
                || method.getOptions().getIdempotencyLevel() == IdempotencyLevel.NO_SIDE_EFFECTS;
        return reads || method.isServerStreaming() ? held::take : held::overdraw;
    }

    /// Has this done when the client goes away before his answer is out; at once, when he has.
    void whenGone(Runnable action) {
        boolean late;
        synchronized (this) {
            hangUp = action;
            late = cancelled;
        }
        if (late) {
            action.run();
        }
    }

    private void cancel() {
        Runnable action;
        synchronized (this) {
            cancelled = true;
            action = hangUp;
        }
        if (action != null) {
            action.run();
        }
    }

    /// Adds what the edge says beside the answer where its headers are made, which spares a copy.
    void complete(ResponseHeadersBuilder headers) {
        completed.accept(headers);
    }

    /// Gives the answer.
    void respond(HttpResponse given) {
        answer.complete(given);
    }

    /// Tells what went wrong. Without effect once an answer was given.
    void fail(Throwable cause) {
        if (!answer.isDone()) {
            Failure failure = failure(cause);
            respond(Problems.answer(failure, caller.path(), caller.requestId()).toHttpResponse());
        }
    }

    /// What the client is told of a cause, noted as how the request ended; a bug is logged.
    Failure failure(Throwable cause) {
        Failure failure = known(cause);
        failed.accept(failure);
        return failure;
    }

    private Failure known(Throwable cause) {
        return switch (cause) {
            case CompletionException wrapped when wrapped.getCause() != null -> known(wrapped.getCause());
            case FailureException known -> known.failure();
            case PathEncodingException _ ->
                EdgeFailures.malformed("INVALID_URI", "path and query must be percent-encoded UTF-8");
            case MultipartException broken -> EdgeFailures.malformed("MALFORMED_MULTIPART", broken.problem());
            case InvalidProtocolBufferException _ -> unexpected(cause);
            case IOException _ -> EdgeFailures.malformed("BODY_INCOMPLETE", "the body broke off");
            default -> unexpected(cause);
        };
    }

    private Failure unexpected(Throwable cause) {
        LoggedRequest.run(caller.requestId(), () -> LOG.error("{}: unexpected failure", caller.path(), cause));
        return EdgeFailures.internal();
    }
}
