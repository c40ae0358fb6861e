package bank.standalone;

import bank.embedded.EmbeddedPostgresServer;
import bank.embedded.EmbeddedS3Server;
import bank.embedded.EmbeddedServerException;
import bank.embedded.PostgresDatabase;
import bank.embedded.PostgresSettings;
import bank.testing.Eventually;
import bank.testing.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Every service in a process of its own, as in production, over one PostgreSQL, one Kafka and one S3. All but the S3
/// can be killed.
final class ServiceProcesses implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(60);

    private final EmbeddedPostgresServer postgres;
    private final Path kafkaDirectory;
    private final EmbeddedS3Server s3;
    private final Map<String, PostgresDatabase> databases = new HashMap<>();
    private final Map<String, Integer> ports = new HashMap<>();
    private final Map<String, ServiceProcess> running = new HashMap<>();
    private final Map<String, String> more;
    private final Path spool;
    private final String keyEncryptionKey;
    private final String heap;

    /// @param more further settings by environment variable
    ServiceProcesses(Path directory, String heap, Map<String, String> more) {
        this.heap = heap;
        this.more = Map.copyOf(more);
        this.spool = directory.resolve("spool");
        postgres = EmbeddedPostgresServer.start(PostgresSettings.durable(directory.resolve("postgres")));
        kafkaDirectory = directory.resolve("kafka");
        s3 = EmbeddedS3Server.start(directory.resolve("s3"), 0, List.of());
        s3.createBucket("documents");
        var all = List.of("kafka", "identity", "document", "contract", "registry", "edge");
        for (var service : all) {
            ports.put(service, freePort());
        }
        for (var service : List.of("identity", "document", "contract", "registry")) {
            databases.put(service, postgres.createDatabase(service));
        }
        var key = new byte[32];
        new SecureRandom().nextBytes(key);
        keyEncryptionKey = Base64.getEncoder().encodeToString(key);
        all.forEach(this::start);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + ports.get("edge"));
    }

    EmbeddedS3Server s3() {
        return s3;
    }

    ServiceProcess process(String service) {
        return running.get(service);
    }

    Connection connect(String service) throws SQLException {
        var database = databases.get(service);
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }

    String kafka() {
        return address("kafka");
    }

    /// Kills a service, `kafka` or `postgres` as `kill -9` does.
    void kill(String service) {
        if (service.equals("postgres")) {
            var process = ProcessHandle.of(postgres.pid()).orElseThrow();
            process.destroyForcibly();
            process.onExit().join();
        } else {
            running.get(service).kill();
        }
    }

    /// Starts what was killed, on the port it always has.
    void start(String service) {
        if (service.equals("postgres")) {
            Eventually.holds("PostgreSQL starts again", START_MAX, this::postgresRestarts);
            return;
        }
        var launch = service.equals("kafka")
                ? ServiceProcess.ofMain(
                        KafkaProcess.class, kafkaDirectory.toString(), Integer.toString(ports.get("kafka")))
                : ServiceProcess.ofMain(main(service)).heap(heap).environment(environment(service));
        var process = launch.start();
        running.put(service, process);
        process.awaitLine(line -> line.startsWith("ready "), START_MAX);
    }

    private boolean postgresRestarts() {
        try {
            postgres.restart();
            return true;
        } catch (EmbeddedServerException itsProcessesStillEnd) {
            return false;
        }
    }

    private static Class<?> main(String service) {
        return switch (service) {
            case "identity" -> bank.identity.Main.class;
            case "document" -> bank.document.Main.class;
            case "contract" -> bank.contract.Main.class;
            case "registry" -> bank.registry.Main.class;
            case "edge" -> bank.edge.Main.class;
            default -> throw new IllegalArgumentException(service);
        };
    }

    private Map<String, String> environment(String service) {
        var prefix = "BANK_" + service.toUpperCase(java.util.Locale.ROOT) + "_";
        var variables = new HashMap<String, String>();
        variables.put(prefix + "PORT", Integer.toString(ports.get(service)));
        variables.put(prefix + "TOKENS_ISSUER", uri().toString());
        var database = databases.get(service);
        if (database != null) {
            variables.put(prefix + "DATABASE_URL", database.jdbcUrl());
            variables.put(prefix + "DATABASE_USER", database.user());
            variables.put(prefix + "DATABASE_PASSWORD", database.password());
            variables.put(prefix + "KAFKA_BOOTSTRAP_SERVERS", kafka());
        }
        switch (service) {
            case "identity" -> {
                variables.put(prefix + "KEY_ENCRYPTION_KEY", keyEncryptionKey);
                variables.put(prefix + "DEMO", "true");
                variables.put(prefix + "CLIENTS_DOCUMENTS_ID", "document-service");
                variables.put(prefix + "CLIENTS_CONTRACTS_ID", "contract-service");
                variables.put(prefix + "CLIENTS_DOCUMENTS_SECRET", "test-secret-of-document-service");
                variables.put(prefix + "CLIENTS_DOCUMENTS_SCOPES", "users:read");
                variables.put(prefix + "CLIENTS_CONTRACTS_SECRET", "test-secret-of-contract-service");
                variables.put(prefix + "CLIENTS_CONTRACTS_SCOPES", "users:read,documents:hold");
                variables.put(prefix + "CLIENTS_REGISTRIES_ID", "registry-service");
                variables.put(prefix + "CLIENTS_REGISTRIES_SECRET", "test-secret-of-registry-service");
                variables.put(prefix + "CLIENTS_REGISTRIES_SCOPES", "verifications:process");
            }
            case "document" -> {
                upstream(variables, prefix, service);
                variables.put(prefix + "S3_ENDPOINT", s3.endpoint().toString());
                variables.put(prefix + "S3_REGION", s3.region());
                variables.put(prefix + "S3_BUCKET", "documents");
                variables.put(prefix + "S3_ACCESS_KEY", s3.credentials().accessKey());
                variables.put(prefix + "S3_SECRET_KEY", s3.credentials().secretKey());
                variables.put(prefix + "UPLOAD_SPOOL", spool.toString());
            }
            case "contract" -> {
                upstream(variables, prefix, service);
                variables.put(prefix + "DOCUMENTS", address("document"));
            }
            case "registry" -> {
                upstream(variables, prefix, service);
                variables.put(prefix + "SANDBOX", "true");
            }
            case "edge" -> {
                variables.put(prefix + "UPSTREAMS_IDENTITY", address("identity"));
                variables.put(prefix + "UPSTREAMS_DOCUMENT", address("document"));
                variables.put(prefix + "UPSTREAMS_CONTRACT", address("contract"));
                variables.put(prefix + "UPSTREAMS_REGISTRY", address("registry"));
                variables.put(prefix + "KAFKA_BOOTSTRAP_SERVERS", kafka());
            }
            default -> throw new IllegalArgumentException(service);
        }
        more.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                variables.put(name, value);
            }
        });
        return variables;
    }

    private void upstream(Map<String, String> variables, String prefix, String service) {
        variables.put(prefix + "UPSTREAM_IDENTITY", address("identity"));
        variables.put(prefix + "UPSTREAM_CLIENT_ID", service + "-service");
        variables.put(prefix + "UPSTREAM_CLIENT_SECRET", "test-secret-of-" + service + "-service");
    }

    private String address(String service) {
        return "127.0.0.1:" + ports.get(service);
    }

    /// A port of loopback that nobody listens on now.
    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        var processes = new ArrayList<>(running.values());
        processes.forEach(ServiceProcess::close);
        s3.close();
        postgres.close();
    }
}
