package bank.edge.upstream;

import bank.edge.problem.UpstreamStatus;
import bank.platform.grpc.Headers;
import bank.platform.telemetry.LoggedRequest;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.RequestOptions;
import com.linecorp.armeria.client.ResponseTimeoutException;
import com.linecorp.armeria.client.SessionProtocolNegotiationException;
import com.linecorp.armeria.client.UnprocessedRequestException;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.retry.Backoff;
import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.ExchangeType;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestDuplicator;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.common.util.Exceptions;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One call and its tries, as long as nothing of an answer was seen. What no service began to work on is tried again
/// whatever the rpc; what may have been worked on only where that does no harm. Tells the circuits how it went.
final class Attempts {
    /// The call a request belongs to.
    static final AttributeKey<Attempts> CALL = AttributeKey.valueOf(Attempts.class, "CALL");

    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);
    private static final Backoff PAUSES = Backoff.exponential(10, 200, 3).withJitter(0.5);
    /// By these a proxy before a service says that it is not there.
    private static final Set<HttpStatus> OF_GATEWAYS =
            Set.of(HttpStatus.BAD_GATEWAY, HttpStatus.SERVICE_UNAVAILABLE, HttpStatus.GATEWAY_TIMEOUT);

    private final RequestHeaders call;
    private final WebClient client;
    private final Circuits circuits;
    private final Repeats repeats;
    private final UpstreamConfig config;
    private final int bytesMax;
    private final long begun = System.nanoTime();
    private final long timeoutNanos;
    private final List<Endpoint> tried = new ArrayList<>(1);
    private final BooleanSupplier gone;
    private @Nullable Supplier<HttpRequest> copies;
    private @Nullable HttpRequestDuplicator kept;
    private int attempts;
    private volatile boolean over;
    private volatile boolean whole;
    private volatile long wholeSince;

    /// What may be sent again.
    enum Repeats {
        /// Nothing: what was sent is gone.
        NEVER,
        /// What no service began to work on.
        UNPROCESSED,
        /// Whatever got no answer.
        ANYTHING
    }

    /// @param call path and metadata
    /// @param bytesMax longest request, with its frames
    /// @param gone the client's connection is lost: what breaks then says nothing of the service
    Attempts(
            RequestHeaders call,
            WebClient client,
            Circuits circuits,
            Repeats repeats,
            UpstreamConfig config,
            int bytesMax,
            Duration timeout,
            BooleanSupplier gone) {
        this.call = call;
        this.gone = gone;
        this.client = client;
        this.circuits = circuits;
        this.repeats = repeats;
        this.config = config;
        this.bytesMax = bytesMax;
        this.timeoutNanos = timeout.toNanos();
    }

    /// Sends the request.
    HttpResponse send(HttpRequest given) {
        var _ = given.whenComplete().thenRun(this::isWhole);
        if (repeats == Repeats.NEVER || config.attemptsMax() == 1) {
            return watched(attempt(given));
        }
        HttpRequestDuplicator duplicator = given.toDuplicator(bytesMax);
        kept = duplicator;
        HttpResponse response = send(duplicator::duplicate);
        var _ = response.whenComplete().handle((_, cause) -> {
            if (cause == null) {
                duplicator.abort();
            } else {
                duplicator.abort(cause);
            }
            return null;
        });
        return response;
    }

    /// Sends a request that can be made anew for each try.
    HttpResponse send(Supplier<HttpRequest> request) {
        HttpResponse response = watched(begin(request));
        var _ = response.whenComplete().handle((_, _) -> {
            end();
            return null;
        });
        return response;
    }

    /// Sends a request that can be made anew for each try, for one who watches the answer himself: he shows its
    /// headers to [#seen] and its trailers to [#ended], asks [#next] when it fails before them, and says when it is
    /// [over][#end]. Of all answers his are the most, and each layer around a stream has its price.
    HttpResponse begin(Supplier<HttpRequest> request) {
        copies = request;
        if (kept == null) {
            isWhole();
        }
        return attempt(request.get());
    }

    /// Nothing is tried again from here on.
    void end() {
        over = true;
    }

    private void isWhole() {
        wholeSince = System.nanoTime();
        whole = true;
    }

    private HttpResponse attempt(HttpRequest copy) {
        attempts++;
        return client.execute(
                copy,
                RequestOptions.builder()
                        .attr(CALL, this)
                        .exchangeType(copies == null ? ExchangeType.BIDI_STREAMING : ExchangeType.RESPONSE_STREAMING)
                        .responseTimeoutMillis(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left())))
                        .build());
    }

    private HttpResponse watched(HttpResponse answer) {
        return HttpResponse.of(answer.<HttpObject>map(object -> switch (object) {
                    case ResponseHeaders headers -> seen(headers);
                    case HttpHeaders trailers -> ended(trailers);
                    default -> object;
                }))
                .recover(thrown -> {
                    HttpResponse next = next(thrown);
                    return next == null ? HttpResponse.ofFailure(cause(thrown)) : watched(next);
                });
    }

    private long left() {
        return timeoutNanos - (System.nanoTime() - begun);
    }

    /// The headers of an answer.
    ///
    /// @throws Unavailable they say that there is no service, and the call may be made again: a cause for [#next]
    ResponseHeaders seen(ResponseHeaders headers) {
        if (headers.status().isInformational()) {
            return headers;
        }
        boolean unavailable =
                UpstreamStatus.isUnexplainedUnavailable(headers) || OF_GATEWAYS.contains(headers.status());
        report(!unavailable);
        if (unavailable && repeats == Repeats.ANYTHING && maySendAgain()) {
            throw new Unavailable();
        }
        if (kept != null) {
            // Nothing is sent again from here on, so nothing of the request has to be kept.
            kept.close();
        }
        if (UpstreamStatus.isOfGrpc(headers)) {
            ended(headers);
        } else {
            tellForeign(headers);
        }
        return headers;
    }

    /// Keeps for the log that something else than the service answered, or the service with something else than gRPC.
    private void tellForeign(ResponseHeaders headers) {
        LoggedRequest.run(
                call.get(Headers.REQUEST_ID, ""),
                () -> LOG.warn(
                        "{} got no answer of gRPC from {}: status {}, content type {}",
                        call.path(),
                        address(),
                        headers.status().code(),
                        ForeignText.of(headers.get(HttpHeaderNames.CONTENT_TYPE, "-"))));
    }

    /// Keeps for the log what a service says of a breakdown, for its callers are not told.
    HttpHeaders ended(HttpHeaders end) {
        if (UpstreamStatus.isBreakdown(end)) {
            LoggedRequest.run(
                    call.get(Headers.REQUEST_ID, ""),
                    () -> LOG.warn(
                            "{} broke down at {}: {} {}",
                            call.path(),
                            address(),
                            UpstreamStatus.code(end),
                            ForeignText.of(UpstreamStatus.words(end))));
        }
        return end;
    }

    private String address() {
        if (tried.isEmpty()) {
            return "-";
        }
        Endpoint endpoint = tried.getLast();
        return endpoint.isIpAddrOnly() || !endpoint.hasIpAddr()
                ? endpoint.authority()
                : endpoint.authority() + " (" + endpoint.ipAddr() + ")";
    }

    /// What broke a try, without what is around it.
    static Throwable cause(Throwable thrown) {
        Throwable cause = Exceptions.peel(thrown);
        return cause instanceof UnprocessedRequestException
                        && cause.getCause() != null
                        && Exceptions.peel(cause.getCause()) instanceof ContentTooLargeException tooLarge
                ? tooLarge
                : cause;
    }

    /// The answer to the next try, after one that failed before its headers; null when there is none.
    @Nullable
    HttpResponse next(Throwable thrown) {
        Throwable cause = cause(thrown);
        if (over || gone.getAsBoolean() || cause instanceof ContentTooLargeException) {
            return null;
        }
        boolean unprocessed = cause instanceof UnprocessedRequestException;
        boolean broken = isBroken(unprocessed ? cause.getCause() : cause);
        if (broken || isSilence(cause)) {
            report(false);
        }
        boolean repeatable = unprocessed
                || (repeats == Repeats.ANYTHING
                        && (broken || cause instanceof ClosedStreamException || cause instanceof Unavailable));
        return repeatable && !Circuits.refused(cause) && maySendAgain() ? again(cause) : null;
    }

    /// A service that says nothing counts against its address only so long after the whole request was sent: clients
    /// may ask for the shortest times, and leave their requests unfinished.
    private boolean isSilence(Throwable cause) {
        return cause instanceof ResponseTimeoutException
                && whole
                && System.nanoTime() - wholeSince >= config.silenceCounted().toNanos();
    }

    /// The connection cannot be made or was lost, which says something of the address; that a stream was refused or
    /// reset does not.
    private static boolean isBroken(@Nullable Throwable cause) {
        return cause instanceof IOException
                || cause instanceof ClosedSessionException
                || cause instanceof SessionProtocolNegotiationException;
    }

    private boolean maySendAgain() {
        return repeats != Repeats.NEVER && !over && attempts < config.attemptsMax() && left() > 0;
    }

    private HttpResponse again(Throwable cause) {
        var next = new CompletableFuture<HttpResponse>();
        long pause = PAUSES.nextDelayMillis(attempts);
        CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS)
                .execute(() -> next.complete(
                        copies != null && !over && left() > 0 ? attempt(copies.get()) : HttpResponse.ofFailure(cause)));
        return HttpResponse.of(next);
    }

    private void report(boolean well) {
        if (!tried.isEmpty()) {
            circuits.report(tried.getLast(), well);
        }
    }

    /// The request goes to this address.
    void chosen(Endpoint endpoint) {
        tried.remove(endpoint);
        tried.add(endpoint);
    }

    /// Where it went before, the latest last.
    List<Endpoint> tried() {
        return Collections.unmodifiableList(tried);
    }

    /// An answer that is none: what is between here and the service, or its server as it stops, said UNAVAILABLE.
    static final class Unavailable extends RuntimeException {
        Unavailable() {
            super("the service is unavailable", null, false, false);
        }
    }
}
