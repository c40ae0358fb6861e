package bank.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Kafka inside this JVM: one node that is broker and controller (KRaft), with all it keeps below one directory.
///
/// Listens on 127.0.0.1 only, without a password. Topics are made by those who use them, none by itself. Starts again
/// on what a `kill -9` left behind.
public final class EmbeddedKafkaServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafkaServer.class);
    private static final int NODE = 1;
    private static final String CLIENTS = "CLIENTS";
    private static final String CONTROLLER = "CONTROLLER";

    private final DirectoryLock lock;
    private final KafkaRaftServer server;
    private final int port;
    private boolean closed;

    private EmbeddedKafkaServer(DirectoryLock lock, KafkaRaftServer server, int port) {
        this.lock = lock;
        this.server = server;
        this.port = port;
    }

    /// Starts Kafka and waits until it accepts messages.
    ///
    /// @param settings where and how
    /// @return the running server
    /// @throws EmbeddedServerException when the directory is in use or the port is taken
    public static EmbeddedKafkaServer start(KafkaSettings settings) {
        return start(settings, choosePort(settings));
    }

    /// The port that [#start(KafkaSettings, int)] is to be given, known before the server runs.
    ///
    /// @param settings where and how
    /// @throws EmbeddedServerException when the directory can't be used or the port is taken
    public static int choosePort(KafkaSettings settings) {
        try {
            PrivateFiles.createDirectories(settings.directory());
            if (settings.port() != 0) {
                return settings.port();
            }
            var kept = settings.directory().resolve("port");
            if (Files.exists(kept)) {
                var last = Integer.parseInt(
                        Files.readString(kept, StandardCharsets.US_ASCII).strip());
                if (isFree(last)) {
                    return last;
                }
            }
            var port = freePort();
            PrivateFiles.write(kept, Integer.toString(port));
            return port;
        } catch (IOException | NumberFormatException e) {
            throw new EmbeddedServerException(
                    "cannot use " + settings.directory() + " for Kafka: " + e.getMessage(), e);
        }
    }

    /// What clients begin with at the Kafka that another process runs on a directory; empty when none does.
    public static Optional<String> running(Path directory) {
        try {
            var kept = directory.resolve("port");
            if (!DirectoryLock.held(directory) || !Files.exists(kept)) {
                return Optional.empty();
            }
            var port = Integer.parseInt(
                    Files.readString(kept, StandardCharsets.US_ASCII).strip());
            return isFree(port) ? Optional.empty() : Optional.of("127.0.0.1:" + port);
        } catch (IOException | NumberFormatException e) {
            throw new EmbeddedServerException("cannot read " + directory + ": " + e.getMessage(), e);
        }
    }

    /// Starts Kafka on a port chosen by [#choosePort] and waits until it accepts messages.
    ///
    /// @param settings where and how
    /// @param port TCP port on 127.0.0.1
    /// @throws EmbeddedServerException when the directory is in use or the port is taken
    public static EmbeddedKafkaServer start(KafkaSettings settings, int port) {
        try {
            var directory = PrivateFiles.createDirectories(settings.directory()).toRealPath();
            var lock = DirectoryLock.acquire(directory);
            try {
                var server = run(settings, directory, port);
                LOG.info("Kafka is up on port {}", port);
                return new EmbeddedKafkaServer(lock, server, port);
            } catch (Exception e) {
                lock.close();
                throw e;
            }
        } catch (EmbeddedServerException e) {
            throw e;
        } catch (Exception e) {
            throw new EmbeddedServerException(
                    "cannot start Kafka on " + settings.directory() + ": " + e.getMessage(), e);
        }
    }

    private static KafkaRaftServer run(KafkaSettings settings, Path directory, int port) throws Exception {
        var data = PrivateFiles.createDirectories(directory.resolve("data"));
        var properties = properties(settings, data, port, freePort());
        try (var silence = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(silence)
                    .setClusterId(clusterId(directory))
                    .setNodeId(NODE)
                    .addDirectory(data.toString())
                    .setMetadataLogDirectory(data.toString())
                    .setControllerListenerName(CONTROLLER)
                    .setIgnoreFormatted(true)
                    .run();
        }
        var server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        server.startup();
        return server;
    }

    /// Kept beside the data, for a directory that is half formatted must be finished with the same one.
    private static String clusterId(Path directory) throws IOException {
        var file = directory.resolve("cluster");
        if (!Files.exists(file)) {
            PrivateFiles.write(file, Uuid.randomUuid().toString());
        }
        return Files.readString(file, StandardCharsets.US_ASCII).strip();
    }

    private static Map<String, String> properties(KafkaSettings settings, Path data, int port, int controllerPort) {
        var properties = new HashMap<String, String>();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", Integer.toString(NODE));
        properties.put("controller.quorum.voters", NODE + "@127.0.0.1:" + controllerPort);
        properties.put("controller.listener.names", CONTROLLER);
        properties.put("inter.broker.listener.name", CLIENTS);
        properties.put(
                "listeners", CLIENTS + "://127.0.0.1:" + port + "," + CONTROLLER + "://127.0.0.1:" + controllerPort);
        properties.put("advertised.listeners", CLIENTS + "://127.0.0.1:" + port);
        properties.put("listener.security.protocol.map", CLIENTS + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
        properties.put("log.dirs", data.toString());
        properties.put("auto.create.topics.enable", "false");
        if (settings.durable()) {
            properties.put("log.flush.interval.messages", "1");
        }
        // One node, and few topics.
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("offsets.topic.num.partitions", "4");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("transaction.state.log.num.partitions", "1");
        properties.put("share.coordinator.state.topic.replication.factor", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        properties.put("share.coordinator.state.topic.num.partitions", "1");
        properties.put("group.initial.rebalance.delay.ms", "0");
        if (wasKilled(data)) {
            // The one before is still in office for so long, and this start waits for its end. Otherwise that is
            // longer,
            // for a broker on a busy machine may be silent for a while.
            properties.put("broker.session.timeout.ms", "2000");
            properties.put("broker.heartbeat.interval.ms", "200");
        }
        // Memory and threads, which by default are those of a machine of its own.
        properties.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
        properties.put("log.cleaner.io.buffer.size", Integer.toString(1 << 16));
        properties.put("log.segment.bytes", Integer.toString(64 << 20));
        properties.put("log.index.size.max.bytes", Integer.toString(1 << 20));
        properties.put("num.network.threads", "2");
        properties.put("num.io.threads", "2");
        properties.put("background.threads", "2");
        properties.put("group.coordinator.threads", "1");
        return properties;
    }

    private static boolean wasKilled(Path data) {
        return Files.exists(data.resolve("meta.properties")) && !Files.exists(data.resolve(".kafka_cleanshutdown"));
    }

    private static boolean isFree(int port) {
        try {
            new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1")).close();
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    /// The TCP port on 127.0.0.1.
    public int port() {
        return port;
    }

    /// What clients begin with, such as `127.0.0.1:41234`.
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /// Stops the server and lets go of the directory. Closing again does nothing.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (lock) {
            server.shutdown();
            server.awaitShutdown();
        }
    }
}
