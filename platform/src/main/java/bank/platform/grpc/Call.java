package bank.platform.grpc;

import bank.platform.auth.Principal;
import bank.platform.failure.Failure;
import io.grpc.Context;
import io.grpc.Metadata;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What a running rpc knows of its call, and what it says of its answer's headers.
public final class Call {
    static final Context.Key<Call> KEY = Context.key("bank-call");

    private final String rpc;
    private final Metadata request;
    private final String requestId;
    private final String peer;
    private final Metadata answer = new Metadata();
    private volatile Principal principal = new Principal.Anonymous();

    Call(String rpc, Metadata request, String requestId) {
        this(rpc, request, requestId, "");
    }

    Call(String rpc, Metadata request, String requestId, String peer) {
        this.rpc = rpc;
        this.request = request;
        this.requestId = requestId;
        this.peer = peer;
    }

    /// The running call.
    ///
    /// @throws IllegalStateException outside of an rpc
    public static Call current() {
        var call = KEY.get();
        if (call == null) {
            throw new IllegalStateException("no rpc is running here");
        }
        return call;
    }

    /// The running call; nothing outside of an rpc.
    public static Optional<Call> running() {
        return Optional.ofNullable(KEY.get());
    }

    /// The running call, or null outside of an rpc.
    static @Nullable Call orNull() {
        return KEY.get();
    }

    /// Time left until the deadline of the running call, at most `max`; `max` when it has no deadline, and
    /// outside of an rpc.
    public static Duration timeLeft(Duration max) {
        var deadline = Context.current().getDeadline();
        if (deadline == null) {
            return max;
        }
        var left = Duration.ofNanos(Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
        return left.compareTo(max) < 0 ? left : max;
    }

    /// Full name of the rpc, e.g. `bank.v1.DocumentService/UploadDocument`.
    public String rpc() {
        return rpc;
    }

    /// Who calls.
    public Principal principal() {
        return principal;
    }

    void authenticate(Principal caller) {
        this.principal = caller;
    }

    /// Request id, as taken from the caller or made.
    public String requestId() {
        return requestId;
    }

    /// Address of whoever holds the other end of the connection, the edge for instance; empty when it has none.
    public String peer() {
        return peer;
    }

    /// Value of a request header, the last one if it came more than once, or null.
    public @Nullable String header(String name) {
        return request.get(Headers.key(name));
    }

    /// Value of a request header that may come once, or null.
    ///
    /// @throws bank.platform.failure.FailureException INVALID_ARGUMENT, reason INVALID_HEADER, when it came more
    ///     than once: none of the values can be trusted to be the one meant
    public @Nullable String soleHeader(String name) {
        var values = request.getAll(Headers.key(name));
        if (values == null) {
            return null;
        }
        var all = values.iterator();
        var value = all.next();
        if (all.hasNext()) {
            throw Failure.invalid("INVALID_HEADER", name, "sent more than once").exception();
        }
        return value;
    }

    /// The caller wants everything checked and nothing changed.
    ///
    /// @throws bank.platform.failure.FailureException INVALID_ARGUMENT for a value other than `true` and
    ///     `false`: it must not be guessed whether to change something
    public boolean validateOnly() {
        var value = soleHeader(Headers.VALIDATE_ONLY);
        if (value == null || value.equalsIgnoreCase("false")) {
            return false;
        }
        if (value.equalsIgnoreCase("true")) {
            return true;
        }
        throw Failure.invalid("INVALID_FIELD", Headers.VALIDATE_ONLY, "true or false")
                .exception();
    }

    /// Entity tags of `if-match`, without quotes; `*` stands for any. Empty: no condition.
    ///
    /// @throws bank.platform.failure.FailureException INVALID_ARGUMENT, reason INVALID_HEADER, for a condition
    ///     without a tag: it must not be taken for none
    public List<String> ifMatch() {
        var values = request.getAll(Headers.key(Headers.IF_MATCH));
        if (values == null) {
            return List.of();
        }
        var tags = EntityTags.parse(String.join(",", values));
        if (tags.isEmpty()) {
            throw Failure.invalid("INVALID_HEADER", Headers.IF_MATCH, "an entity tag, or *")
                    .exception();
        }
        return tags;
    }

    /// Puts the trace of this call on another that is made within it.
    void passTrace(Metadata onto) {
        for (var name : Headers.TRACE) {
            var key = Headers.key(name);
            var values = request.getAll(key);
            if (values != null) {
                onto.discardAll(key);
                values.forEach(value -> onto.put(key, value));
            }
        }
    }

    /// Sets a header of the answer.
    public void answer(String name, String value) {
        var key = Headers.key(name);
        answer.discardAll(key);
        answer.put(key, value);
    }

    /// Sets the HTTP status the edge answers with.
    public void answerStatus(int status) {
        answer(Headers.HTTP_STATUS, Integer.toString(status));
    }

    /// Sets a header of the HTTP answer the edge gives, e.g. `Content-Range`.
    public void answerHttp(String header, String value) {
        answer(Headers.HTTP_PREFIX + header.toLowerCase(Locale.ROOT), value);
    }

    /// Forgets what was said of HTTP for an answer that is not to be given.
    void dropHttp() {
        for (var name : List.copyOf(answer.keys())) {
            if (name.startsWith(Headers.HTTP_PREFIX) || name.equals(Headers.ETAG)) {
                answer.discardAll(Headers.key(name));
            }
        }
    }

    Metadata answerHeaders() {
        return answer;
    }
}
