package bank.platform.telemetry;

import bank.platform.config.InvalidSettingsException;
import io.grpc.Status;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Traces of one service, sent by OTLP to where the standard variables of OpenTelemetry say (`OTEL_…`). Off until one
/// of them names an endpoint: nothing is recorded then, and there is neither a connection nor a thread.
public final class Tracing implements AutoCloseable {
    private static final List<String> ENDPOINTS =
            List.of("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");

    /// Traces alone, and W3C alone: what else is set for a whole machine has no meaning here.
    private static final Map<String, String> FIXED =
            Map.of("otel.metrics.exporter", "none", "otel.logs.exporter", "none", "otel.propagators", "tracecontext");

    /// What says that a server failed, and not its caller (semantic conventions of OpenTelemetry for gRPC).
    private static final Set<Status.Code> FAULTS = Set.of(
            Status.Code.UNKNOWN,
            Status.Code.DEADLINE_EXCEEDED,
            Status.Code.UNIMPLEMENTED,
            Status.Code.INTERNAL,
            Status.Code.UNAVAILABLE,
            Status.Code.DATA_LOSS);

    private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final long LAST_SPANS_SECONDS_MAX = 2;

    private final @Nullable OpenTelemetrySdk sdk;
    private final Tracer tracer;

    private Tracing(@Nullable OpenTelemetrySdk sdk) {
        this.sdk = sdk;
        this.tracer = (sdk == null ? OpenTelemetry.noop() : sdk).getTracer("bank");
    }

    /// Records nothing.
    public static Tracing off() {
        return new Tracing(null);
    }

    /// As the environment of the process says.
    ///
    /// @param service name of the service, unless `OTEL_SERVICE_NAME` gives another
    /// @throws InvalidSettingsException when it cannot be traced as set
    public static Tracing fromEnvironment(String service) {
        return of(service, System.getenv());
    }

    /// As these variables say. What they leave out is taken from the environment, and from the system properties, all
    /// the same; but it is they alone that turn it on.
    ///
    /// @param service name of the service, unless `OTEL_SERVICE_NAME` gives another
    /// @throws InvalidSettingsException when it cannot be traced as set
    public static Tracing of(String service, Map<String, String> variables) {
        if (ENDPOINTS.stream().allMatch(name -> variables.getOrDefault(name, "").isBlank())
                || variables.getOrDefault("OTEL_SDK_DISABLED", "").equalsIgnoreCase("true")
                || variables.getOrDefault("OTEL_TRACES_EXPORTER", "").equals("none")) {
            return off();
        }
        var set = new HashMap<>(named(variables));
        set.putAll(FIXED);
        try {
            return new Tracing(AutoConfiguredOpenTelemetrySdk.builder()
                    .addPropertiesSupplier(
                            () -> Map.of("otel.service.name", service, "otel.exporter.otlp.protocol", "http/protobuf"))
                    .addPropertiesCustomizer(_ -> set)
                    .disableShutdownHook()
                    .build()
                    .getOpenTelemetrySdk());
        } catch (ConfigurationException e) {
            throw new InvalidSettingsException(List.of("tracing: " + told(e)));
        }
    }

    /// The variables by the names of the properties they stand for.
    private static Map<String, String> named(Map<String, String> variables) {
        var properties = new HashMap<String, String>();
        variables.forEach((name, value) -> {
            if (name.startsWith("OTEL_") && !value.isBlank()) {
                properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        return properties;
    }

    /// What is wrong, without the value: headers hold secrets.
    private static String told(ConfigurationException e) {
        var cause = e.getCause() instanceof IllegalArgumentException inner ? ": " + inner.getMessage() : "";
        return (e.getMessage() + cause).split("=", 2)[0];
    }

    /// Spans are recorded.
    public boolean isOn() {
        return sdk != null;
    }

    /// Prepares the span of a request that is served, within the trace its caller names; a trace of its own, when he
    /// names none or what he names is malformed.
    ///
    /// @param headers gives the values of a header, by its name
    public SpanBuilder serving(String name, Function<String, List<String>> headers) {
        return tracer.spanBuilder(name)
                .setSpanKind(SpanKind.SERVER)
                .setParent(W3C.extract(Context.root(), headers, Values.GETTER));
    }

    /// What tells others of a span: `traceparent`, and `tracestate` where there is one.
    public static Map<String, String> headers(Span span) {
        var headers = new HashMap<String, String>();
        W3C.inject(Context.root().with(span), headers, (into, name, value) -> {
            if (into != null) {
                into.put(name, value);
            }
        });
        return headers;
    }

    /// A call that ended so counts as an error of its server.
    public static boolean isFault(Status.Code code) {
        return FAULTS.contains(code);
    }

    /// Sends what is recorded still, for two seconds at most, and stops.
    @Override
    public void close() {
        if (sdk != null) {
            sdk.shutdown().join(LAST_SPANS_SECONDS_MAX, TimeUnit.SECONDS);
        }
    }

    /// Headers of a request. Of several `traceparent` none is known to be the right one; several `tracestate` are one.
    private enum Values implements TextMapGetter<Function<String, List<String>>> {
        GETTER;

        @Override
        public Iterable<String> keys(Function<String, List<String>> headers) {
            return W3C.fields();
        }

        @Override
        public @Nullable String get(@Nullable Function<String, List<String>> headers, String name) {
            var values = headers == null ? List.<String>of() : headers.apply(name);
            return values.isEmpty() || (values.size() > 1 && name.equals("traceparent"))
                    ? null
                    : String.join(",", values);
        }
    }
}
