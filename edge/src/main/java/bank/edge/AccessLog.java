package bank.edge;

import bank.edge.route.Rpc;
import bank.platform.failure.Failure;
import com.fasterxml.jackson.core.JsonFactory;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.logging.AccessLogWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One line a request: method, template of the path, status, what failed, why a token is refused, duration, request id.
/// Never a body, a token, an address or an identifier from the path.
final class AccessLog implements AccessLogWriter {
    private static final Logger LOG = LoggerFactory.getLogger("bank.edge.access");
    // Written without time, level and name, which the configuration of the log takes care of.
    private static final Logger PLAIN = LoggerFactory.getLogger("bank.edge.access.json");

    private static final JsonFactory JSON = new JsonFactory();
    private static final String LINE = "method={} path={} status={} reason={} cause={} duration_ms={} request_id={}";

    private static final String NONE = "-";

    private final AccessLogForm form;

    AccessLog(AccessLogForm form) {
        this.form = form;
    }

    @Override
    public void log(RequestLog log) {
        if (!(log.context() instanceof ServiceRequestContext ctx)) {
            return;
        }
        switch (form) {
            case TEXT -> {
                if (LOG.isInfoEnabled()) {
                    text(log, ctx);
                }
            }
            case JSON -> PLAIN.info("{}", json(log, ctx));
            case OFF -> {}
        }
    }

    /// The same of a request that was refused before it was any, of which little is known.
    void log(Refusals.Refusal refusal) {
        switch (form) {
            case TEXT ->
                LOG.info(
                        LINE,
                        refusal.method(),
                        NONE,
                        refusal.status().code(),
                        refusal.failure().reason(),
                        NONE,
                        0,
                        refusal.requestId());
            case JSON -> PLAIN.info("{}", json(refusal));
            case OFF -> {}
        }
    }

    private static void text(RequestLog log, ServiceRequestContext ctx) {
        Failure failure = RequestLabels.failure(ctx);
        LOG.info(
                LINE,
                log.requestHeaders().method(),
                route(ctx),
                RequestLabels.status(log),
                failure == null ? NONE : failure.reason(),
                failure == null || failure.cause() == null ? NONE : failure.cause(),
                TimeUnit.NANOSECONDS.toMillis(log.totalDurationNanos()),
                RequestLabels.id(ctx));
    }

    private static String json(RequestLog log, ServiceRequestContext ctx) {
        Rpc rpc = RequestLabels.rpc(ctx);
        Failure failure = RequestLabels.failure(ctx);
        var line = new StringWriter();
        try (var json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField(
                    "time", Instant.ofEpochMilli(log.requestStartTimeMillis()).toString());
            json.writeStringField("method", log.requestHeaders().method().name());
            json.writeStringField("path", route(ctx));
            if (rpc != null) {
                json.writeStringField("rpc", rpc.path());
            }
            json.writeStringField("protocol", log.sessionProtocol().uriText());
            json.writeNumberField("status", RequestLabels.status(log));
            json.writeStringField(
                    "grpc_status", failure == null ? "OK" : failure.code().name());
            if (failure != null) {
                json.writeStringField("reason", failure.reason());
                if (failure.cause() != null) {
                    json.writeStringField("cause", failure.cause());
                }
            }
            json.writeNumberField("duration_ms", TimeUnit.NANOSECONDS.toMillis(log.totalDurationNanos()));
            json.writeNumberField("request_bytes", log.requestLength());
            json.writeNumberField("response_bytes", log.responseLength());
            json.writeStringField("request_id", RequestLabels.id(ctx));
            String trace = RequestLabels.trace(ctx);
            if (trace != null) {
                json.writeStringField("trace_id", trace);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.toString();
    }

    private static String json(Refusals.Refusal refusal) {
        var line = new StringWriter();
        try (var json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField(
                    "time", refusal.time().truncatedTo(ChronoUnit.MILLIS).toString());
            json.writeStringField("method", refusal.method().name());
            json.writeStringField("path", NONE);
            json.writeStringField("protocol", NONE);
            json.writeNumberField("status", refusal.status().code());
            json.writeStringField("grpc_status", refusal.failure().code().name());
            json.writeStringField("reason", refusal.failure().reason());
            json.writeNumberField("duration_ms", 0);
            json.writeNumberField("request_bytes", 0);
            json.writeNumberField("response_bytes", refusal.bytes());
            json.writeStringField("request_id", refusal.requestId());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.toString();
    }

    private static String route(ServiceRequestContext ctx) {
        String route = RequestLabels.route(ctx);
        return route == null ? NONE : route;
    }
}
