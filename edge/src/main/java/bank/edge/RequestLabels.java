package bank.edge;

import bank.platform.grpc.Headers;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.AttributeKey;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What logs and answers call a request: its id, and the template of its route.
public final class RequestLabels {
    private static final AttributeKey<String> ID = AttributeKey.valueOf(RequestLabels.class, "ID");
    private static final AttributeKey<String> ROUTE = AttributeKey.valueOf(RequestLabels.class, "ROUTE");
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private RequestLabels() {}

    /// Id of the request: header `X-Request-Id` when well formed, else one made here.
    public static String id(ServiceRequestContext ctx) {
        String id = ctx.attr(ID);
        if (id == null) {
            String given = ctx.request().headers().get(Headers.REQUEST_ID);
            id = given != null && WELL_FORMED.matcher(given).matches()
                    ? given
                    : UUID.randomUUID().toString();
            ctx.setAttr(ID, id);
        }
        return id;
    }

    /// Notes the template of the request's route.
    public static void route(ServiceRequestContext ctx, String template) {
        ctx.setAttr(ROUTE, template);
    }

    /// Template of the request's route; null while it is unknown.
    static @Nullable String route(ServiceRequestContext ctx) {
        return ctx.attr(ROUTE);
    }
}
