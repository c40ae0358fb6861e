package bank.registry;

import bank.platform.config.Settings;
import bank.platform.db.Database;
import bank.platform.grpc.Channels;
import bank.platform.grpc.Headers;
import bank.registry.model.Identifier;
import bank.registry.model.IdentifierType;
import bank.registry.store.VerifiedPersonStore;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.HmrcServiceGrpc;
import bank.v1.HmrcServiceGrpc.HmrcServiceBlockingStub;
import bank.v1.ListSlotsRequest;
import bank.v1.NhsServiceGrpc;
import bank.v1.NhsServiceGrpc.NhsServiceBlockingStub;
import bank.v1.Role;
import bank.v1.Slot;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// registry-service in a sandbox, with its real database and Kafka, and an identity-service of the test's own.
final class Scene implements AutoCloseable {
    /// Verified as Mary Jones at both registries.
    static final long MARY = 123;

    /// Verified as Amelia Shah by the NHS alone.
    static final long AMELIA = 124;

    /// Verified by nobody.
    static final long STRANGER = 125;

    static final long EMPLOYEE = 456;
    static final String MARYS_NUMBER = "9434765919";
    static final String MARYS_NIN = "AB654321A";
    static final String AMELIAS_NUMBER = "9991000011";

    /// A Monday, before the doctors begin.
    static final Instant START = Instant.parse("2026-11-30T07:30:00Z");

    final TestClock clock = new TestClock(START);
    final TestIdentity identity = new TestIdentity(clock);
    final Database database;
    final RegistryServer server;
    final ManagedChannel channel;

    Scene(PostgresExtension postgres, KafkaExtension kafka) {
        this(postgres, kafka, Map.of());
    }

    /// @param more settings beside those of the sandbox
    Scene(PostgresExtension postgres, KafkaExtension kafka, Map<String, String> more) {
        var settings = settings(postgres, kafka, identity);
        settings.putAll(more);
        server = RegistryServer.start(Settings.of(RegistryConfig.class, settings), clock);
        channel = Channels.open("127.0.0.1:" + server.port());
        database = TestDatabase.open(postgres);
        verified(MARY, IdentifierType.NHS, MARYS_NUMBER);
        verified(MARY, IdentifierType.NIN, MARYS_NIN);
        verified(AMELIA, IdentifierType.NHS, AMELIAS_NUMBER);
    }

    static Map<String, String> settings(PostgresExtension postgres, KafkaExtension kafka, TestIdentity identity) {
        var settings = new TreeMap<String, String>();
        settings.put("bank.registry.port", "0");
        settings.put("bank.registry.database.url", postgres.jdbcUrl());
        settings.put("bank.registry.database.user", postgres.user());
        settings.put("bank.registry.database.password", postgres.password());
        settings.put("bank.registry.tokens.issuer", TestIdentity.ISSUER);
        settings.put("bank.registry.kafka.bootstrap-servers", kafka.bootstrapServers());
        settings.put("bank.registry.kafka.prefix", kafka.prefix());
        settings.put("bank.registry.upstream.identity", identity.address());
        settings.put("bank.registry.upstream.client-id", "registry-service");
        settings.put("bank.registry.upstream.client-secret", "secret");
        settings.put("bank.registry.sandbox", "true");
        return settings;
    }

    private void verified(long user, IdentifierType type, String value) {
        database.inTransaction(
                tx -> new VerifiedPersonStore().enter(tx, user, new Identifier(type, value), clock.instant()));
    }

    NhsServiceBlockingStub nhs(long user) {
        return as(NhsServiceGrpc.newBlockingStub(channel), token(user));
    }

    HmrcServiceBlockingStub hmrc(long user) {
        return as(HmrcServiceGrpc.newBlockingStub(channel), token(user));
    }

    private String token(long user) {
        return identity.user(user, user == EMPLOYEE ? Role.ROLE_EMPLOYEE : Role.ROLE_CLIENT);
    }

    static <S extends AbstractStub<S>> S as(S stub, String token) {
        return with(stub, Headers.AUTHORIZATION, "Bearer " + token);
    }

    static <S extends AbstractStub<S>> S with(S stub, String header, String value) {
        var headers = new Metadata();
        headers.put(Headers.key(header), value);
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /// Free slots, the earliest first.
    List<Slot> slots(int count) {
        return nhs(EMPLOYEE)
                .listSlots(ListSlotsRequest.newBuilder().setPageSize(count).build())
                .getSlotsList();
    }

    /// Somebody waits to say, or to hear, the last word of a person's death.
    boolean isNoticeAwaited(String nin) {
        return database.read(session -> session.sql()
                .createQuery("""
                        SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
                            AND (classid::bigint << 32) | objid::bigint = hashtextextended('death ' || :nin, 0))""")
                .bind("nin", nin)
                .mapTo(Boolean.class)
                .one());
    }

    @Override
    public void close() {
        channel.shutdownNow();
        database.close();
        server.close();
        identity.close();
    }
}
