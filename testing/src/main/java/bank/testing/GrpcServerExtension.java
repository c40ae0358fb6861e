package bank.testing;

import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Serves gRPC services to a real client channel, in process or over loopback, and stops them when the test is done.
///
/// ```java
/// @RegisterExtension
/// final GrpcServerExtension grpc = new GrpcServerExtension();
/// …
/// var stub = DocumentServiceGrpc.newBlockingStub(grpc.serve(services));
/// ```
///
/// What is served before the first test of a class (in a static field, from `@BeforeAll`) lives as long as the class.
/// A test fails when a service answered it with a failure that lacks its `ErrorInfo`.
public final class GrpcServerExtension implements BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final long STOP_SECONDS_MAX = 10;

    private final ErrorInfoRequired errorInfoRequired = new ErrorInfoRequired();
    private final Deque<Runnable> endOfTest = new ArrayDeque<>();
    private final Deque<Runnable> endOfClass = new ArrayDeque<>();
    private boolean inTest;

    /// Serves `services`, with whatever interceptors they already have, without a network.
    ///
    /// @param services what to serve
    /// @return a channel to them
    public ManagedChannel serve(Collection<ServerServiceDefinition> services) {
        var name = UUID.randomUUID().toString();
        start(InProcessServerBuilder.forName(name), services);
        return closedAfterwards(InProcessChannelBuilder.forName(name).build());
    }

    /// Like [#serve(Collection)], for services without interceptors.
    ///
    /// @param services what to serve
    /// @return a channel to them
    public ManagedChannel serve(BindableService... services) {
        return serve(
                List.of(services).stream().map(BindableService::bindService).toList());
    }

    /// Serves `services` over HTTP/2 on a free port of 127.0.0.1.
    ///
    /// @param services what to serve
    /// @return the port
    public int listen(Collection<ServerServiceDefinition> services) {
        var builder = NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), InsecureServerCredentials.create());
        return start(builder, services).getPort();
    }

    /// Opens a channel to a server on 127.0.0.1, closed after the test.
    ///
    /// @param port the server's port
    /// @return the channel
    public ManagedChannel connect(int port) {
        return closedAfterwards(Grpc.newChannelBuilderForAddress("127.0.0.1", port, InsecureChannelCredentials.create())
                .build());
    }

    private Server start(ServerBuilder<?> builder, Collection<ServerServiceDefinition> services) {
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        services.forEach(builder::addService);
        try {
            var server = builder.executor(threads)
                    .intercept(errorInfoRequired)
                    .build()
                    .start();
            atTheEnd(() -> {
                stop(server);
                threads.shutdownNow();
            });
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ManagedChannel closedAfterwards(ManagedChannel channel) {
        atTheEnd(() -> {
            channel.shutdownNow();
            awaitEnd(() -> channel.awaitTermination(STOP_SECONDS_MAX, TimeUnit.SECONDS), "channel");
        });
        return channel;
    }

    private static void stop(Server server) {
        server.shutdownNow();
        awaitEnd(() -> server.awaitTermination(STOP_SECONDS_MAX, TimeUnit.SECONDS), "server");
    }

    private static void awaitEnd(End end, String what) {
        try {
            if (!end.reached()) {
                throw new AssertionError("a gRPC " + what + " has not stopped within " + STOP_SECONDS_MAX + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void atTheEnd(Runnable stop) {
        (inTest ? endOfTest : endOfClass).push(stop);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        inTest = true;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        inTest = false;
        runAll(endOfTest);
        errorInfoRequired.check();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        runAll(endOfClass);
    }

    private static void runAll(Deque<Runnable> stops) {
        while (!stops.isEmpty()) {
            stops.pop().run();
        }
    }

    private interface End {
        boolean reached() throws InterruptedException;
    }
}
