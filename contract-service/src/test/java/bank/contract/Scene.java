package bank.contract;

import bank.platform.config.Settings;
import bank.platform.grpc.Channels;
import bank.platform.grpc.Headers;
import bank.testing.Eventually;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.Contract;
import bank.v1.ContractServiceGrpc;
import bank.v1.ContractServiceGrpc.ContractServiceBlockingStub;
import bank.v1.CreateContractRequest;
import bank.v1.LinkDocumentRequest;
import bank.v1.LinkStatus;
import bank.v1.Role;
import bank.v1.SetLinkStatusRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/// contract-service with its real database, among neighbours of the test's own on real gRPC servers.
final class Scene implements AutoCloseable {
    static final long CLIENT = 123;
    static final long OTHER_CLIENT = 124;
    static final long EMPLOYEE = 456;
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    final TestClock clock = new TestClock();
    final TestIdentity identity = new TestIdentity(clock);
    final TestDocuments documents = new TestDocuments(identity);
    final ContractServer server;
    final ManagedChannel channel;

    Scene(PostgresExtension postgres) {
        this(postgres, Map.of());
    }

    /// With events, unlike the others.
    Scene(PostgresExtension postgres, KafkaExtension kafka) {
        this(
                postgres,
                Map.of(
                        "bank.contract.kafka.bootstrap-servers", kafka.bootstrapServers(),
                        "bank.contract.kafka.prefix", kafka.prefix()));
    }

    private Scene(PostgresExtension postgres, Map<String, String> further) {
        identity.users.add(CLIENT);
        identity.users.add(OTHER_CLIENT);
        identity.users.add(EMPLOYEE);
        var settings = settings(postgres, identity, documents);
        settings.putAll(further);
        server = ContractServer.start(Settings.of(ContractConfig.class, settings), clock);
        channel = Channels.open("127.0.0.1:" + server.port());
    }

    static Map<String, String> settings(PostgresExtension postgres, TestIdentity identity, TestDocuments documents) {
        return new TreeMap<>(Map.ofEntries(
                Map.entry("bank.contract.port", "0"),
                Map.entry("bank.contract.database.url", postgres.jdbcUrl()),
                Map.entry("bank.contract.database.user", postgres.user()),
                Map.entry("bank.contract.database.password", postgres.password()),
                Map.entry("bank.contract.tokens.issuer", TestIdentity.ISSUER),
                // Where nobody listens.
                Map.entry("bank.contract.kafka.bootstrap-servers", "127.0.0.1:9"),
                Map.entry("bank.contract.upstream.identity", identity.address()),
                Map.entry("bank.contract.upstream.client-id", "contract-service"),
                Map.entry("bank.contract.upstream.client-secret", "secret"),
                Map.entry("bank.contract.documents", documents.address()),
                Map.entry("bank.contract.mend.pause", "PT0.1S")));
    }

    ContractServiceBlockingStub client() {
        return as(identity.user(CLIENT, Role.ROLE_CLIENT));
    }

    ContractServiceBlockingStub otherClient() {
        return as(identity.user(OTHER_CLIENT, Role.ROLE_CLIENT));
    }

    ContractServiceBlockingStub employee() {
        return as(identity.user(EMPLOYEE, Role.ROLE_EMPLOYEE));
    }

    ContractServiceBlockingStub as(String token) {
        return with(ContractServiceGrpc.newBlockingStub(channel), Headers.AUTHORIZATION, "Bearer " + token);
    }

    static ContractServiceBlockingStub with(ContractServiceBlockingStub stub, String header, String value) {
        var headers = new Metadata();
        headers.put(Headers.key(header), value);
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    Contract contract() {
        return contract(client());
    }

    static Contract contract(ContractServiceBlockingStub stub) {
        return stub.createContract(CreateContractRequest.newBuilder()
                .setDescription("Контракт на обслуживание")
                .build());
    }

    static LinkDocumentRequest link(long contract, long document) {
        return LinkDocumentRequest.newBuilder()
                .setId(contract)
                .setDocumentId(document)
                .build();
    }

    static SetLinkStatusRequest status(long contract, long document, LinkStatus status) {
        return SetLinkStatusRequest.newBuilder()
                .setId(contract)
                .setDocumentId(document)
                .setStatus(status)
                .build();
    }

    /// How many tasks of a document stand.
    static long tasks(PostgresExtension postgres, long document) {
        try (var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                var statement = connection.prepareStatement("SELECT count(*) FROM link_task WHERE document_id = ?")) {
            statement.setLong(1, document);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Waits until a condition holds, for a bounded time.
    static void await(String what, BooleanSupplier condition) {
        Eventually.holds(what, WAIT_MAX, condition::getAsBoolean);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
        documents.close();
        identity.close();
    }
}
