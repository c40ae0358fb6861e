package bank.bench;

import bank.embedded.PostgresDatabase;
import bank.embedded.S3Credentials;
import bank.v1.AuthServiceGrpc;
import bank.v1.GetMeRequest;
import bank.v1.LoginRequest;
import bank.v1.UserServiceGrpc;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The platform as `./bank up --demo` runs it, in a process of its own, for measurements.
final class BenchBank implements AutoCloseable {
    private final Path data;
    private final int port;
    private final Process process;
    private final List<String> table = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();

    private BenchBank(Path data, int port, Process process) {
        this.data = data;
        this.port = port;
        this.process = process;
    }

    /// Starts it on a free port with a data directory of its own, deleted at the end.
    static BenchBank start() throws IOException {
        var data = Files.createTempDirectory("bank-bench");
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        var process = new ProcessBuilder(
                        System.getProperty("bank.root", ".") + "/bank",
                        "up",
                        "--demo",
                        "--port",
                        Integer.toString(port),
                        "--data",
                        data.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var bank = new BenchBank(data, port, process);
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("ready ")) {
                return bank;
            }
            bank.table.add(line);
        }
        throw new IOException("the platform did not start: " + bank.table);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    PostgresDatabase documentDatabase() throws IOException {
        var password = Files.readString(data.resolve("postgres/password")).strip();
        return new PostgresDatabase(
                "document", "jdbc:postgresql://127.0.0.1:" + portOf("PostgreSQL") + "/document", "document", password);
    }

    URI s3Endpoint() {
        return URI.create("http://127.0.0.1:" + portOf("S3"));
    }

    S3Credentials s3Credentials() throws IOException {
        return new S3Credentials(
                Files.readString(data.resolve("s3/access-key")).strip(),
                Files.readString(data.resolve("s3/secret-key")).strip());
    }

    String clientToken() {
        return token("client@demo.test");
    }

    String employeeToken() {
        return token("employee@demo.test");
    }

    long clientId() {
        return UserServiceGrpc.newBlockingStub(channel("identity", clientToken()))
                .getMe(GetMeRequest.getDefaultInstance())
                .getUser()
                .getId();
    }

    /// A channel to document-service whose calls bear a token.
    Channel documentChannel(String token) {
        return channel("document", token);
    }

    /// A channel to identity-service.
    Channel identityChannel() {
        return channel("identity");
    }

    private String token(String email) {
        return AuthServiceGrpc.newBlockingStub(channel("identity"))
                .login(LoginRequest.newBuilder()
                        .setEmail(email)
                        .setPassword("demo-Passw0rd-2026")
                        .build())
                .getAccessToken();
    }

    private ManagedChannel channel(String service) {
        var channel = NettyChannelBuilder.forAddress("127.0.0.1", portOf(service))
                .usePlaintext()
                .build();
        channels.add(channel);
        return channel;
    }

    private Channel channel(String service, String token) {
        var metadata = new Metadata();
        metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        return ClientInterceptors.intercept(channel(service), MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private int portOf(String name) {
        var row = table.stream()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no row " + name + " in " + table));
        return Integer.parseInt(row.replaceFirst(".*127\\.0\\.0\\.1:([0-9]+).*", "$1"));
    }

    @Override
    public void close() throws IOException {
        channels.forEach(ManagedChannel::shutdownNow);
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (var files = Files.walk(data)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
