package bank.identity;

import bank.embedded.PostgresDatabase;
import bank.identity.model.InitialAdmin;
import bank.platform.config.Settings;
import bank.platform.grpc.Channels;
import bank.platform.grpc.Headers;
import bank.v1.AuditServiceGrpc;
import bank.v1.AuditServiceGrpc.AuditServiceBlockingStub;
import bank.v1.AuthServiceGrpc;
import bank.v1.AuthServiceGrpc.AuthServiceBlockingStub;
import bank.v1.LoginRequest;
import bank.v1.OAuthClientServiceGrpc;
import bank.v1.OAuthClientServiceGrpc.OAuthClientServiceBlockingStub;
import bank.v1.OAuthServiceGrpc;
import bank.v1.OAuthServiceGrpc.OAuthServiceBlockingStub;
import bank.v1.OrganizationServiceGrpc;
import bank.v1.OrganizationServiceGrpc.OrganizationServiceBlockingStub;
import bank.v1.RegisterRequest;
import bank.v1.SessionServiceGrpc;
import bank.v1.SessionServiceGrpc.SessionServiceBlockingStub;
import bank.v1.SignInServiceGrpc;
import bank.v1.SignInServiceGrpc.SignInServiceBlockingStub;
import bank.v1.TokenPair;
import bank.v1.User;
import bank.v1.UserServiceGrpc;
import bank.v1.UserServiceGrpc.UserServiceBlockingStub;
import bank.v1.VerificationServiceGrpc;
import bank.v1.VerificationServiceGrpc.VerificationServiceBlockingStub;
import bank.v1.VersionServiceGrpc;
import bank.v1.VersionServiceGrpc.VersionServiceBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/// An identity-service over loopback with real stubs.
final class RunningIdentity implements AutoCloseable {
    static final String ISSUER = "http://identity.test";
    static final String PASSWORD = "корректный конь 7";

    private final IdentityServer server;
    private final Optional<InitialAdmin> initialAdmin;
    private final ManagedChannel channel;

    private RunningIdentity(IdentityServer server, Optional<InitialAdmin> initialAdmin) {
        this.server = server;
        this.initialAdmin = initialAdmin;
        this.channel = Channels.open("127.0.0.1:" + server.port());
    }

    static RunningIdentity start(PostgresDatabase database, Clock clock, Map<String, String> settings) {
        var told = new AtomicReference<InitialAdmin>();
        var server = IdentityServer.start(config(database, settings), clock, told::set);
        return new RunningIdentity(server, Optional.ofNullable(told.get()));
    }

    static IdentityConfig config(PostgresDatabase database, Map<String, String> settings) {
        var all = new HashMap<>(Map.of(
                "bank.identity.port",
                "0",
                "bank.identity.database.url",
                database.jdbcUrl(),
                "bank.identity.database.user",
                database.user(),
                "bank.identity.database.password",
                database.password(),
                "bank.identity.database.connections-max",
                "8",
                "bank.identity.tokens.issuer",
                ISSUER,
                // Where nobody listens.
                "bank.identity.kafka.bootstrap-servers",
                "127.0.0.1:9",
                "bank.identity.key-encryption-key",
                "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="));
        // Every test registers its users from one address.
        all.put("bank.identity.address-registrations-max", "100000");
        all.putAll(settings);
        return Settings.of(IdentityConfig.class, all);
    }

    IdentityServer server() {
        return server;
    }

    /// The administrator told of at the start.
    Optional<InitialAdmin> initialAdmin() {
        return initialAdmin;
    }

    AuthServiceBlockingStub auth() {
        return AuthServiceGrpc.newBlockingStub(channel);
    }

    UserServiceBlockingStub users() {
        return UserServiceGrpc.newBlockingStub(channel);
    }

    OAuthServiceBlockingStub oauth() {
        return OAuthServiceGrpc.newBlockingStub(channel);
    }

    VersionServiceBlockingStub versions() {
        return VersionServiceGrpc.newBlockingStub(channel);
    }

    AuthServiceBlockingStub auth(String token) {
        return auth().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer(token)));
    }

    UserServiceBlockingStub users(String token) {
        return users().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer(token)));
    }

    OAuthClientServiceBlockingStub clients(String token) {
        return OAuthClientServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer(token)));
    }

    /// Access token of the administrator told of at the start.
    String adminToken() {
        var admin = initialAdmin.orElseThrow();
        return login(admin.email().value(), admin.password().value()).getAccessToken();
    }

    SignInServiceBlockingStub signIns(String token) {
        return SignInServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer(token)));
    }

    AuditServiceBlockingStub audit(String token) {
        return AuditServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer(token)));
    }

    SessionServiceBlockingStub sessions(String token) {
        return SessionServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer(token)));
    }

    OrganizationServiceBlockingStub organizations(String token) {
        return OrganizationServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer(token)));
    }

    VerificationServiceBlockingStub verifications(String token) {
        return VerificationServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer(token)));
    }

    /// The stub with a header on each of its calls.
    static <S extends AbstractStub<S>> S with(S stub, String header, String value) {
        var headers = new Metadata();
        headers.put(Headers.key(header), value);
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /// Registers somebody new.
    User registered() {
        return auth().register(RegisterRequest.newBuilder()
                .setEmail(UUID.randomUUID() + "@example.org")
                .setPassword(PASSWORD)
                .build());
    }

    TokenPair login(String email, String password) {
        return auth().login(LoginRequest.newBuilder()
                .setEmail(email)
                .setPassword(password)
                .build());
    }

    TokenPair loggedIn() {
        return login(registered().getEmail(), PASSWORD);
    }

    private static Metadata bearer(String token) {
        var headers = new Metadata();
        headers.put(Headers.key(Headers.AUTHORIZATION), "Bearer " + token);
        return headers;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
    }
}
