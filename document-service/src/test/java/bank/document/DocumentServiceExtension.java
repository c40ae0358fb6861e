package bank.document;

import bank.document.blob.S3BlobStore;
import bank.platform.config.Settings;
import bank.platform.db.Database;
import bank.platform.events.Event;
import bank.platform.events.Events;
import bank.platform.events.RetrySchedule;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.testing.S3Extension;
import bank.testing.TestClock;
import bank.v1.DocumentHoldServiceGrpc;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.DocumentServiceGrpc;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Runs document-service as it runs alone, over real PostgreSQL and S3, for one test class.
final class DocumentServiceExtension implements BeforeAllCallback, AfterAllCallback {
    final PostgresExtension postgres = new PostgresExtension();
    final S3Extension s3 = new S3Extension();
    final TestClock clock = new TestClock();

    private final Map<String, String> settings;
    private KafkaExtension kafka;
    private Path spool;
    private TestIdentity identity;
    private DocumentServer server;
    private ManagedChannel channel;

    /// The service's database, beside the service.
    Database database;

    /// The service's content store, beside the service.
    S3BlobStore blobs;

    /// The S3 server, beside the service.
    S3Client s3Client;

    DocumentServiceExtension() {
        this(Map.of());
    }

    /// With events, unlike the others.
    DocumentServiceExtension(KafkaExtension kafka) {
        this(Map.of());
        this.kafka = kafka;
    }

    /// @param settings settings other than the test's own, without their prefix
    DocumentServiceExtension(Map<String, String> settings) {
        this.settings = settings;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        postgres.beforeAll(context);
        s3.beforeAll(context);
        identity = new TestIdentity(clock);
        spool = Files.createTempDirectory("bank-document-test");
        server = DocumentServer.start(config(), clock);
        database = Database.open(config().database(), "document");
        blobs = S3BlobStore.open(DocumentSettings.location(config().s3()), Duration.ofSeconds(30));
        s3Client = S3Client.builder()
                .endpointOverride(s3.endpoint())
                .region(Region.of(s3.region()))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(s3.accessKey(), s3.secretKey())))
                .forcePathStyle(true)
                .build();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .build();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        channel.shutdownNow();
        server.close();
        database.close();
        blobs.close();
        s3Client.close();
        identity.close();
        Files.deleteIfExists(spool.resolve("start.lock"));
        Files.delete(spool);
        postgres.afterAll(context);
    }

    DocumentConfig config() {
        var prefixed = new HashMap<String, String>();
        properties().forEach((name, value) -> prefixed.put("bank.document." + name, value));
        return Settings.of(DocumentConfig.class, prefixed);
    }

    /// The settings as environment variables.
    Map<String, String> environment() {
        var variables = new HashMap<String, String>();
        properties()
                .forEach((name, value) -> variables.put(
                        "BANK_DOCUMENT_"
                                + name.toUpperCase(Locale.ROOT)
                                        .replace('.', '_')
                                        .replace('-', '_'),
                        value));
        return variables;
    }

    private Map<String, String> properties() {
        var all = new HashMap<String, String>();
        all.put("port", "0");
        all.put("database.url", postgres.jdbcUrl());
        all.put("database.user", postgres.user());
        all.put("database.password", postgres.password());
        all.put("tokens.issuer", TestIdentity.ISSUER);
        // Where nobody listens, unless the test is about events.
        all.put("kafka.bootstrap-servers", kafka == null ? "127.0.0.1:9" : kafka.bootstrapServers());
        all.put("kafka.prefix", kafka == null ? "none." : kafka.prefix());
        all.put("upstream.identity", identity.address());
        all.put("upstream.client-id", "document-service");
        all.put("upstream.client-secret", "secret");
        all.put("s3.endpoint", s3.endpoint().toString());
        all.put("s3.region", s3.region());
        all.put("s3.bucket", s3.bucket());
        all.put("s3.access-key", s3.accessKey());
        all.put("s3.secret-key", s3.secretKey());
        all.put("upload.spool", spool.toString());
        // Tests run the jobs themselves.
        all.put("reaper-pause", "PT1H");
        all.put("integrity.pause", "PT1H");
        all.putAll(settings);
        return all;
    }

    /// Publishes an event, as if it came from another service.
    void publish(Event event) {
        try (var others = new Events(
                database,
                config().kafka(),
                "identity-service",
                RetrySchedule.DEFAULT,
                clock,
                new SimpleMeterRegistry())) {
            database.inTransaction(tx -> {
                others.outbox().append(tx, event);
                return event;
            });
        }
    }

    Caller client() {
        return caller(TestIdentity.CLIENT);
    }

    /// The same client over another channel.
    Caller client(Channel other) {
        return new Caller(other).with("authorization", "Bearer " + identity.tokenOf(TestIdentity.CLIENT));
    }

    Caller otherClient() {
        return caller(TestIdentity.OTHER_CLIENT);
    }

    Caller employee() {
        return caller(TestIdentity.EMPLOYEE);
    }

    Caller admin() {
        return caller(TestIdentity.ADMIN);
    }

    Caller caller(long userId) {
        return new Caller(channel).with("authorization", "Bearer " + identity.tokenOf(userId));
    }

    /// A user in a client that is not the bank's own.
    Caller abroad(long userId, String scopes) {
        return new Caller(channel).with("authorization", "Bearer " + identity.tokenOf(userId, scopes));
    }

    Caller machine(String scopes) {
        return new Caller(channel).with("authorization", "Bearer " + identity.tokenOf("abs-integration", scopes));
    }

    Caller nobody() {
        return new Caller(channel);
    }

    /// Keys of all objects in the bucket.
    List<String> objects() {
        return s3Client.listObjectsV2(list -> list.bucket(s3.bucket())).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    /// Files of content that is being received.
    List<Path> spooled() {
        try (var paths = Files.walk(spool)) {
            return paths.filter(Files::isRegularFile)
                    .filter(path -> !path.toString().endsWith(".lock"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How many contents the database knows.
    int versions() {
        return database.read(session -> session.sql()
                .createQuery("SELECT count(*) FROM document_version")
                .mapTo(Integer.class)
                .one());
    }

    /// Answers kept for repeats, as text.
    List<String> keptAnswers() {
        return database.read(session -> session.sql()
                .createQuery("SELECT encode(response, 'escape') FROM idempotency_key")
                .mapTo(String.class)
                .list());
    }

    /// Key of a document's newest content.
    String keyOf(long documentId) {
        return database.read(session -> session.sql()
                .createQuery("""
                        SELECT object_key FROM document_version WHERE document_id = :id
                        ORDER BY version DESC LIMIT 1""")
                .bind("id", documentId)
                .mapTo(String.class)
                .one());
    }

    /// Somebody who calls, with the metadata he sends.
    record Caller(Channel channel) {
        Caller with(String name, String value) {
            var metadata = new Metadata();
            metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
            return new Caller(
                    ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata)));
        }

        DocumentServiceGrpc.DocumentServiceBlockingStub documents() {
            return DocumentServiceGrpc.newBlockingStub(channel);
        }

        DocumentReviewServiceGrpc.DocumentReviewServiceBlockingStub reviews() {
            return DocumentReviewServiceGrpc.newBlockingStub(channel);
        }

        DocumentHoldServiceGrpc.DocumentHoldServiceBlockingStub holds() {
            return DocumentHoldServiceGrpc.newBlockingStub(channel);
        }
    }
}
