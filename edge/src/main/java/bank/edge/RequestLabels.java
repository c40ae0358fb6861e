package bank.edge;

import bank.edge.route.Rpc;
import bank.platform.failure.Failure;
import bank.platform.grpc.Headers;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What logs, metrics, traces and answers call a request: its id, the template of its route, its rpc, its trace, how it
/// ended.
public final class RequestLabels {
    private static final AttributeKey<String> ID = AttributeKey.valueOf(RequestLabels.class, "ID");
    private static final AttributeKey<String> ROUTE = AttributeKey.valueOf(RequestLabels.class, "ROUTE");
    private static final AttributeKey<Rpc> RPC = AttributeKey.valueOf(RequestLabels.class, "RPC");
    private static final AttributeKey<Failure> FAILURE = AttributeKey.valueOf(RequestLabels.class, "FAILURE");
    private static final AttributeKey<InetAddress> ADDRESS = AttributeKey.valueOf(RequestLabels.class, "ADDRESS");
    private static final AttributeKey<String> TRACE = AttributeKey.valueOf(RequestLabels.class, "TRACE");
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private RequestLabels() {}

    /// Id of the request: header `X-Request-Id` when well formed, else one made here.
    public static String id(ServiceRequestContext ctx) {
        String id = ctx.attr(ID);
        if (id == null) {
            String given = ctx.request().headers().get(Headers.REQUEST_ID);
            id = given != null && WELL_FORMED.matcher(given).matches() ? given : unique();
            ctx.setAttr(ID, id);
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
        ctx.setAttr(ADDRESS, address);
    }

    /// Address of the client.
    public static InetAddress address(ServiceRequestContext ctx) {
        InetAddress told = ctx.attr(ADDRESS);
        return told == null ? ctx.remoteAddress().getAddress() : told;
    }

    /// Notes the template of the request's route.
    public static void route(ServiceRequestContext ctx, String template) {
        ctx.setAttr(ROUTE, template);
    }

    /// Notes the template of the request's route, and the rpc behind it.
    public static void route(ServiceRequestContext ctx, String template, Rpc rpc) {
        route(ctx, template);
        ctx.setAttr(RPC, rpc);
    }

    /// Notes the trace in which the request is recorded.
    public static void trace(ServiceRequestContext ctx, String traceId) {
        ctx.setAttr(TRACE, traceId);
    }

    /// Id of the trace in which the request is recorded, 32 hexadecimal digits; null when it is in none.
    public static @Nullable String trace(ServiceRequestContext ctx) {
        return ctx.attr(TRACE);
    }

    /// Notes how the request failed.
    public static void failure(ServiceRequestContext ctx, Failure failure) {
        ctx.setAttr(FAILURE, failure);
    }

    /// How the request failed; null when it did not, or not yet.
    public static @Nullable Failure failure(ServiceRequestContext ctx) {
        return ctx.attr(FAILURE);
    }

    /// The rpc asked for; null while it is unknown, and where it is none.
    public static @Nullable Rpc rpc(ServiceRequestContext ctx) {
        return ctx.attr(RPC);
    }

    /// Template of the request's route; null while it is unknown.
    public static @Nullable String route(ServiceRequestContext ctx) {
        return ctx.attr(ROUTE);
    }
}
