package bank.edge.transcode;

import bank.edge.problem.EdgeFailures;
import bank.edge.problem.Problems;
import bank.edge.route.PathEncodingException;
import bank.edge.route.RouteMatch;
import bank.edge.route.Rpc;
import bank.edge.upstream.UpstreamCall;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One HTTP request and its answer. When the client goes away, the call to the service goes with it.
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final HttpRequest request;
    private final Caller caller;
    private final Consumer<Failure> failed;
    private final CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
    private final HttpResponse response = HttpResponse.of(answer);
    private @Nullable UpstreamCall call;
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
    /// @param opening begins the call to the service
    record Target(RouteMatch.Found route, Map<String, List<String>> query, Supplier<UpstreamCall> opening) {
        Rpc rpc() {
            return route.rule().rpc();
        }
    }

    /// @param failed told of what is told the client
    Exchange(HttpRequest request, Caller caller, Consumer<Failure> failed) {
        this.request = request;
        this.caller = caller;
        this.failed = failed;
        response.whenComplete().exceptionally(_ -> {
            cancel();
            return null;
        });
    }

    HttpRequest request() {
        return request;
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
        UpstreamCall opened = target.opening().get();
        boolean late;
        synchronized (this) {
            call = opened;
            late = cancelled;
        }
        if (late) {
            opened.cancel();
        }
        return opened;
    }

    private void cancel() {
        UpstreamCall opened;
        synchronized (this) {
            cancelled = true;
            opened = call;
        }
        if (opened != null) {
            opened.cancel();
        }
    }

    /// Gives the answer.
    void respond(HttpResponse given) {
        answer.complete(given);
    }

    /// Tells what went wrong. Without effect once an answer was given.
    void fail(Throwable cause) {
        if (!answer.isDone()) {
            Failure failure = failure(cause);
            failed.accept(failure);
            respond(Problems.answer(failure, caller.path(), caller.requestId()).toHttpResponse());
        }
    }

    private Failure failure(Throwable cause) {
        return switch (cause) {
            case FailureException known -> known.failure();
            case PathEncodingException _ ->
                EdgeFailures.malformed("INVALID_URI", "path and query must be percent-encoded UTF-8");
            case MultipartException broken -> EdgeFailures.malformed("MALFORMED_MULTIPART", broken.problem());
            case IOException _ -> EdgeFailures.malformed("BODY_INCOMPLETE", "the body broke off");
            default -> {
                LOG.error("{} {}: unexpected failure", caller.requestId(), caller.path(), cause);
                yield EdgeFailures.internal();
            }
        };
    }
}
