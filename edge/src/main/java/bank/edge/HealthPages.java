package bank.edge;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.List;
import java.util.function.Supplier;

/// A page for probes: 200 `{"status":"ok"}`, or 503 with what is missing.
final class HealthPages implements HttpService {
    private final Supplier<List<String>> missing;
    private final boolean waits;

    private HealthPages(Supplier<List<String>> missing, boolean waits) {
        this.missing = missing;
        this.waits = waits;
    }

    /// A page that is always well.
    static HealthPages ok() {
        return new HealthPages(List::of, false);
    }

    /// @param missing asked for each answer; may block
    static HealthPages of(Supplier<List<String>> missing) {
        return new HealthPages(missing, true);
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
        RequestLabels.route(ctx, ctx.path());
        String requestId = RequestLabels.id(ctx);
        HttpResponse answer = PageMethods.answer(
                ctx, request, () -> waits ? HttpResponse.of(this::page, ctx.blockingTaskExecutor()) : page());
        return answer.mapHeaders(headers -> ResponseDefaults.on(headers, requestId));
    }

    private HttpResponse page() {
        List<String> names = missing.get();
        return names.isEmpty()
                ? HttpResponse.of(HttpStatus.OK, MediaType.JSON, "{\"status\":\"ok\"}")
                : HttpResponse.of(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        MediaType.JSON,
                        "{\"status\":\"unavailable\",\"missing\":[\"" + String.join("\",\"", names) + "\"]}");
    }
}
