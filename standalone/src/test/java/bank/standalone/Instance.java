package bank.standalone;

import bank.testing.ServiceProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The whole platform in a process of its own, as `./bank up` runs it.
record Instance(ServiceProcess process, int port, Path data) implements AutoCloseable {
    static final Duration START_MAX = Duration.ofMinutes(3);
    static final Duration STOP_MAX = Duration.ofMinutes(1);

    /// Starts an instance and waits until it is ready.
    static Instance start(Path data, String... options) {
        return start(data, Map.of(), options);
    }

    /// Starts an instance with settings of its own and waits until it is ready.
    static Instance start(Path data, Map<String, String> environment, String... options) {
        var instance = launch(data, freePort(), environment, options);
        instance.awaitReady();
        return instance;
    }

    /// Starts an instance and does not wait.
    static Instance launch(Path data, int port, String... options) {
        return launch(data, port, Map.of(), options);
    }

    private static Instance launch(Path data, int port, Map<String, String> environment, String... options) {
        var arguments = new ArrayList<>(List.of("--port", Integer.toString(port), "--data", data.toString()));
        arguments.addAll(List.of(options));
        var process = ServiceProcess.ofMain(Main.class, arguments.toArray(String[]::new))
                .environment("LC_ALL", "C.UTF-8")
                .environment(environment)
                .start();
        return new Instance(process, port, data);
    }

    void awaitReady() {
        process.awaitLine(("ready " + address())::equals, START_MAX);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /// The processes of PostgreSQL that run on the data directory.
    List<ProcessHandle> postgres() {
        var directory = data.resolve("postgres/data").toString();
        return ProcessHandle.allProcesses()
                .filter(handle -> handle.info()
                        .arguments()
                        .filter(arguments -> List.of(arguments).contains(directory))
                        .isPresent())
                .toList();
    }

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError("no free port", e);
        }
    }

    /// Kills what still runs, PostgreSQL included, so that no test leaves anything behind.
    @Override
    public void close() {
        process.close();
        postgres().forEach(ProcessHandle::destroy);
    }
}
