package bank.edge;

import bank.edge.route.Rpc;
import bank.platform.auth.Principal;
import bank.platform.failure.Failure;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What logs, metrics, traces and answers call a request: its id, the template of its route, its rpc, its trace, who
/// asked, how it ended.
public final class RequestLabels {
    /// Status for a client that went away before he was answered.
    private static final int CLIENT_GONE = 499;

    // One attribute for all of them: each that a request has costs a search through the others.
    private static final AttributeKey<RequestLabels> LABELS = AttributeKey.valueOf(RequestLabels.class, "LABELS");
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private volatile @Nullable String id;
    private volatile @Nullable String route;
    private volatile @Nullable Rpc rpc;
    private volatile @Nullable Failure failure;
    private volatile @Nullable InetAddress address;
    private volatile @Nullable String trace;
    private volatile @Nullable Principal caller;

    private RequestLabels() {}

    /// Made as the request comes in, on the thread of its connection, before another can ask.
    private static RequestLabels of(ServiceRequestContext ctx) {
        RequestLabels labels = ctx.attr(LABELS);
        if (labels == null) {
            labels = new RequestLabels();
            ctx.setAttr(LABELS, labels);
        }
        return labels;
    }

    /// Id of the request: header `X-Request-Id` when well formed, else one made here.
    public static String id(ServiceRequestContext ctx) {
        RequestLabels labels = of(ctx);
        String id = labels.id;
        if (id == null) {
            String given = ctx.request().headers().get(HttpHeaderNames.X_REQUEST_ID);
            id = given != null && WELL_FORMED.matcher(given).matches() ? given : unique();
            labels.id = id;
        }
        return id;
    }

    /// A random UUID (RFC 9562, version 4). It names, and keeps no secret.
    private static String unique() {
        var random = ThreadLocalRandom.current();
        long high = (random.nextLong() & 0xFFFFFFFFFFFF0FFFL) | 0x4000L;
        long low = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
        return new UUID(high, low).toString();
    }

    /// Notes the address of the client, when it is not that of the connection.
    public static void address(ServiceRequestContext ctx, InetAddress address) {
        of(ctx).address = address;
    }

    /// Address of the client.
    public static InetAddress address(ServiceRequestContext ctx) {
        InetAddress told = of(ctx).address;
        return told == null ? ctx.remoteAddress().getAddress() : told;
    }

    /// Notes the template of the request's route.
    public static void route(ServiceRequestContext ctx, String template) {
        of(ctx).route = template;
    }

    /// Notes the template of the request's route, and the rpc behind it.
    public static void route(ServiceRequestContext ctx, String template, Rpc rpc) {
        route(ctx, template);
        of(ctx).rpc = rpc;
    }

    /// Notes the trace in which the request is recorded.
    public static void trace(ServiceRequestContext ctx, String traceId) {
        of(ctx).trace = traceId;
    }

    /// Id of the trace in which the request is recorded, 32 hexadecimal digits; null when it is in none.
    public static @Nullable String trace(ServiceRequestContext ctx) {
        return of(ctx).trace;
    }

    /// Notes who asks.
    public static void caller(ServiceRequestContext ctx, Principal caller) {
        of(ctx).caller = caller;
    }

    /// Who asks; null while it is unknown, and for a request without a token that counts.
    public static @Nullable Principal caller(ServiceRequestContext ctx) {
        return of(ctx).caller;
    }

    /// Status a request ended with.
    public static int status(RequestLog log) {
        int status = log.responseHeaders().status().code();
        return status == 0 ? CLIENT_GONE : status;
    }

    /// Notes how the request failed.
    public static void failure(ServiceRequestContext ctx, Failure failure) {
        of(ctx).failure = failure;
    }

    /// How the request failed; null when it did not, or not yet.
    public static @Nullable Failure failure(ServiceRequestContext ctx) {
        return of(ctx).failure;
    }

    /// The rpc asked for; null while it is unknown, and where it is none.
    public static @Nullable Rpc rpc(ServiceRequestContext ctx) {
        return of(ctx).rpc;
    }

    /// Template of the request's route; null while it is unknown.
    public static @Nullable String route(ServiceRequestContext ctx) {
        return of(ctx).route;
    }
}
