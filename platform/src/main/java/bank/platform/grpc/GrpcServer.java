package bank.platform.grpc;

import bank.platform.auth.TokenVerifier;
import bank.platform.failure.FailureTranslator;
import bank.platform.telemetry.Tracing;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// A gRPC server with the interceptors every service has: trace, call, deadline, failures, access, validation. Rpcs run
/// on virtual threads and may block. Health and reflection come with it; whoever watches the health may do so
/// without an end.
public final class GrpcServer implements AutoCloseable {
    private static final int MESSAGE_BYTES_MAX = 4 * 1024 * 1024;
    private static final int METADATA_BYTES_MAX = 16 * 1024;
    private static final int STREAMS_PER_CONNECTION_MAX = 1_000;

    private final Server server;
    private final HealthStatusManager health;

    private final ScheduledExecutorService timer;

    private GrpcServer(Server server, HealthStatusManager health, ScheduledExecutorService timer) {
        this.server = server;
        this.health = health;
        this.timer = timer;
    }

    /// Starts a server that callers name by its address alone; it answers when this returns.
    ///
    /// @param tracing closed by whoever opened it, after the server
    /// @throws UncheckedIOException when the port cannot be bound
    public static GrpcServer start(
            String host,
            int port,
            CallTimes times,
            TokenVerifier tokens,
            FailureTranslator translator,
            Tracing tracing,
            List<? extends BindableService> services) {
        return start(host, port, Set.of(), times, tokens, translator, tracing, services);
    }

    /// Starts a server; it answers when this returns.
    ///
    /// @param authorities `host:port` by which callers may name it beside its address
    /// @param tracing closed by whoever opened it, after the server
    /// @throws UncheckedIOException when the port cannot be bound
    public static GrpcServer start(
            String host,
            int port,
            Set<String> authorities,
            CallTimes times,
            TokenVerifier tokens,
            FailureTranslator translator,
            Tracing tracing,
            List<? extends BindableService> services) {
        var health = new HealthStatusManager();
        var timer = timer();
        var deadlines = new DeadlineInterceptor(times, timer);
        var validation = new ValidationInterceptor();
        var interceptors = new ArrayList<ServerInterceptor>();
        if (tracing.isOn()) {
            interceptors.add(new TraceInterceptor(tracing));
        }
        interceptors.addAll(List.of(
                new CallInterceptor(),
                deadlines,
                new FailureInterceptor(translator),
                new AccessInterceptor(tokens, authorities, new RefusedTokens(System::nanoTime), timer),
                validation));
        var builder = NettyServerBuilder.forAddress(new InetSocketAddress(host, port))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .maxInboundMetadataSize(METADATA_BYTES_MAX)
                .maxConcurrentCallsPerConnection(STREAMS_PER_CONNECTION_MAX)
                .permitKeepAliveTime(10, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addService(health.getHealthService());
        var described = new ArrayList<ServiceDescriptor>();
        for (var service : services) {
            var definition = service.bindService();
            if (definition.getServiceDescriptor().getSchemaDescriptor()
                    instanceof ProtoServiceDescriptorSupplier schema) {
                described.add(schema.getServiceDescriptor());
            }
            warm(validation, definition);
            builder.addService(ServerInterceptors.interceptForward(definition, interceptors));
        }
        builder.addService(new Reflection(described));
        try {
            return new GrpcServer(builder.build().start(), health, timer);
        } catch (IOException e) {
            timer.shutdownNow();
            throw new UncheckedIOException("cannot listen on " + host + ":" + port, e);
        }
    }

    private static ScheduledExecutorService timer() {
        var timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("grpc-deadlines").daemon().factory());
        // Nearly every call ends long before its time.
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    private static void warm(ValidationInterceptor validation, ServerServiceDefinition definition) {
        for (var method : definition.getMethods()) {
            if (method.getMethodDescriptor().getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier schema) {
                validation.warm(DynamicMessage.getDefaultInstance(
                        schema.getMethodDescriptor().getInputType()));
            }
        }
    }

    /// Port the server listens on.
    public int port() {
        return server.getPort();
    }

    /// Waits until the server has stopped.
    public void awaitTermination() throws InterruptedException {
        server.awaitTermination();
    }

    /// Takes no new calls, lets the running ones end for up to 10 seconds, then ends them.
    @Override
    public void close() {
        health.enterTerminalState();
        server.shutdown();
        try {
            if (!server.awaitTermination(10, TimeUnit.SECONDS)) {
                server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        } finally {
            timer.shutdownNow();
        }
    }
}
