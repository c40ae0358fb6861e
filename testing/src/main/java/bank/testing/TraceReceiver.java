package bank.testing;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Receives traces by OTLP, over HTTP and over gRPC, each on a port of its own of 127.0.0.1.
public final class TraceReceiver implements AutoCloseable {
    private static final long WAIT_SECONDS_MAX = 20;

    private final HttpServer http;
    private final Server grpc;
    private final Map<String, BlockingQueue<Seen>> unseen = new ConcurrentHashMap<>();
    private final List<Seen> all = new CopyOnWriteArrayList<>();
    private final List<String> texts = new CopyOnWriteArrayList<>();

    /// A span as it came.
    ///
    /// @param service name of the service that sent it
    public record Seen(String service, Span span) {
        /// Its trace, in hexadecimal digits.
        public String trace() {
            return hex(span.getTraceId());
        }

        /// Its own id, in hexadecimal digits.
        public String id() {
            return hex(span.getSpanId());
        }

        /// Id of its parent, in hexadecimal digits; empty when it has none.
        public String parent() {
            return hex(span.getParentSpanId());
        }

        /// It ended as an error.
        public boolean isError() {
            return span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR;
        }

        /// Its attributes, as text.
        public Map<String, String> attributes() {
            return texts(span.getAttributesList());
        }

        private static String hex(ByteString id) {
            return HexFormat.of().formatHex(id.toByteArray());
        }
    }

    /// Starts receiving.
    public TraceReceiver() {
        var loopback = InetAddress.getLoopbackAddress();
        try {
            http = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
            http.createContext("/v1/traces", this::receive);
            http.start();
            grpc = NettyServerBuilder.forAddress(new InetSocketAddress(loopback, 0))
                    .addService(new Receiving())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Variables of OpenTelemetry that have spans sent here over HTTP, at once.
    public Map<String, String> overHttp() {
        return Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://127.0.0.1:" + http.getAddress().getPort(),
                "OTEL_BSP_SCHEDULE_DELAY",
                "20");
    }

    /// Variables of OpenTelemetry that have spans sent here over gRPC, at once.
    public Map<String, String> overGrpc() {
        return Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://127.0.0.1:" + grpc.getPort(),
                "OTEL_EXPORTER_OTLP_PROTOCOL",
                "grpc",
                "OTEL_BSP_SCHEDULE_DELAY",
                "20");
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            take(ExportTraceServiceRequest.parseFrom(exchange.getRequestBody()));
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private void take(ExportTraceServiceRequest request) {
        texts.add(request.toString());
        for (var resource : request.getResourceSpansList()) {
            var service = texts(resource.getResource().getAttributesList()).getOrDefault("service.name", "");
            resource.getScopeSpansList().stream()
                    .flatMap(scope -> scope.getSpansList().stream())
                    .map(span -> new Seen(service, span))
                    .forEach(seen -> {
                        all.add(seen);
                        unseen(seen.span().getName()).add(seen);
                    });
        }
    }

    private static Map<String, String> texts(List<KeyValue> attributes) {
        return attributes.stream().collect(Collectors.toMap(KeyValue::getKey, each -> text(each.getValue())));
    }

    private static String text(AnyValue value) {
        return value.hasStringValue() ? value.getStringValue() : Long.toString(value.getIntValue());
    }

    /// The next span of this name.
    ///
    /// @throws AssertionError when none comes in time
    public Seen next(String name) throws InterruptedException {
        var seen = unseen(name).poll(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
        if (seen == null) {
            throw new AssertionError("no span " + name + " came, but " + all);
        }
        return seen;
    }

    private BlockingQueue<Seen> unseen(String name) {
        return unseen.computeIfAbsent(name, _ -> new LinkedBlockingQueue<>());
    }

    /// All that came, the earliest first.
    public List<Seen> all() {
        return List.copyOf(all);
    }

    /// All that came, as text.
    public String text() {
        return String.join("\n", texts);
    }

    @Override
    public void close() {
        http.stop(0);
        grpc.shutdownNow();
    }

    private final class Receiving extends TraceServiceGrpc.TraceServiceImplBase {
        @Override
        public void export(ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> observer) {
            take(request);
            observer.onNext(ExportTraceServiceResponse.getDefaultInstance());
            observer.onCompleted();
        }
    }
}
