package bank.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.embedded.EmbeddedS3Server;
import bank.embedded.EmbeddedServerException;
import bank.embedded.S3Credentials;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/// The embedded S3 shows whole objects only, and keeps what it acknowledged, also when its process is killed.
class EmbeddedS3IT {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("WARN UnfinishedObjects removed ");

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String BUCKET = "documents";
    private static final String ORIGIN = "http://127.0.0.1:8080";

    @TempDir
    Path directory;

    @Test
    void keepsAcknowledgedObjectsThroughAKill() throws Exception {
        var content = randomBytes(3_000_000);
        try (var holder = hold()) {
            try (var client = client(endpoint(holder), credentials())) {
                client.putObject(r -> r.bucket(BUCKET).key("a/договор.pdf"), RequestBody.fromBytes(content));
            }
            holder.kill();
        }
        try (var server = start();
                var client = client(server.endpoint(), server.credentials())) {
            assertThat(client.getObjectAsBytes(r -> r.bucket(BUCKET).key("a/договор.pdf"))
                            .asByteArray())
                    .isEqualTo(content);
        }
    }

    @Test
    void showsNothingOfAnUploadCutOffByAKill() throws Exception {
        var half = randomBytes(2_000_000);
        try (var holder = hold()) {
            var target = presignedPut(endpoint(holder), credentials(), "a/cut-off");
            try (var socket = new Socket(target.getHost(), target.getPort())) {
                send(socket.getOutputStream(), target, half.length * 2L, half);
                awaitBytesOnDisk(half.length / 2);
                holder.kill();
            }
        }
        try (var server = start();
                var client = client(server.endpoint(), server.credentials())) {
            assertThatThrownBy(() -> client.headObject(r -> r.bucket(BUCKET).key("a/cut-off")))
                    .isInstanceOf(NoSuchKeyException.class);
            assertThat(client.listObjectsV2(r -> r.bucket(BUCKET)).contents())
                    .extracting(S3Object::key)
                    .isEmpty();
            assertThat(server.isEmpty(BUCKET)).isTrue();
            assertThat(log.lines()).singleElement().asString().contains("/a/cut-off-");
        }
    }

    @Test
    void showsNothingOfAnUploadWhoseClientWentAway() throws Exception {
        var half = randomBytes(2_000_000);
        try (var server = start();
                var client = client(server.endpoint(), server.credentials())) {
            var target = presignedPut(server.endpoint(), server.credentials(), "a/gone");
            try (var socket = new Socket(target.getHost(), target.getPort())) {
                send(socket.getOutputStream(), target, half.length * 2L, half);
                awaitBytesOnDisk(half.length / 2);
            }
            awaitBytesOnDisk(0);
            assertThatThrownBy(() -> client.headObject(r -> r.bucket(BUCKET).key("a/gone")))
                    .isInstanceOf(NoSuchKeyException.class);
        }
    }

    @Test
    void refusesUnsignedRequestsAndForeignKeys() throws Exception {
        try (var server = start();
                var http = HttpClient.newHttpClient();
                var client = client(server.endpoint(), new S3Credentials("other", "secret"))) {
            var unsigned = HttpRequest.newBuilder(server.endpoint().resolve("/" + BUCKET))
                    .build();
            assertThat(http.send(unsigned, BodyHandlers.discarding()).statusCode())
                    .isEqualTo(403);
            assertThatThrownBy(() -> client.listObjectsV2(r -> r.bucket(BUCKET)))
                    .isInstanceOf(S3Exception.class);
        }
    }

    @Test
    void allowsTheGivenOriginAndNoOther() throws Exception {
        try (var server = start();
                var http = HttpClient.newHttpClient()) {
            var target = presignedPut(server.endpoint(), server.credentials(), "k");
            assertThat(http.send(preflight(target, ORIGIN), BodyHandlers.discarding())
                            .headers()
                            .firstValue("Access-Control-Allow-Origin"))
                    .contains(ORIGIN);
            assertThat(http.send(preflight(target, "http://evil.test"), BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void takesAnObjectOnlyOnceWhenAskedTo() {
        try (var server = start();
                var client = client(server.endpoint(), server.credentials())) {
            client.putObject(r -> r.bucket(BUCKET).key("k").ifNoneMatch("*"), RequestBody.fromString("first"));
            assertThatThrownBy(() -> client.putObject(
                            r -> r.bucket(BUCKET).key("k").ifNoneMatch("*"), RequestBody.fromString("second")))
                    .isInstanceOfSatisfying(
                            S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(412));
        }
    }

    @Test
    void refusesADirectoryInUse() throws IOException {
        try (var server = start()) {
            assertThat(server.endpoint().getHost()).isEqualTo("127.0.0.1");
            assertThatThrownBy(this::start)
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessageContaining("in use by another process");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("s3/secret-key"))))
                .isEqualTo("rw-------");
    }

    private static HttpRequest preflight(URI target, String origin) {
        return HttpRequest.newBuilder(target)
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "PUT")
                .build();
    }

    private static void send(OutputStream out, URI target, long length, byte[] half) throws IOException {
        var head = "PUT %s?%s HTTP/1.1\r\nHost: %s:%d\r\nContent-Length: %d\r\n\r\n"
                .formatted(target.getRawPath(), target.getRawQuery(), target.getHost(), target.getPort(), length);
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(half);
        out.flush();
    }

    private void awaitBytesOnDisk(long wanted) throws Exception {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (wanted == 0 ? bytesOnDisk() > 0 : bytesOnDisk() < wanted) {
            assertThat(System.nanoTime()).as("bytes on disk: " + bytesOnDisk()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private long bytesOnDisk() throws IOException {
        try (var paths = Files.walk(directory.resolve("s3/objects"))) {
            return paths.map(Path::toFile)
                    .filter(File::isFile)
                    .mapToLong(File::length)
                    .sum();
        }
    }

    private static byte[] randomBytes(int size) {
        var bytes = new byte[size];
        new Random(42).nextBytes(bytes);
        return bytes;
    }

    private static URI presignedPut(URI endpoint, S3Credentials credentials, String key) {
        try (var presigner = S3Presigner.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(provider(credentials))
                .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .build()) {
            return URI.create(presigner
                    .presignPutObject(r -> r.signatureDuration(Duration.ofMinutes(5))
                            .putObjectRequest(put -> put.bucket(BUCKET).key(key)))
                    .url()
                    .toString());
        }
    }

    private static S3Client client(URI endpoint, S3Credentials credentials) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(provider(credentials))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    private static StaticCredentialsProvider provider(S3Credentials credentials) {
        return StaticCredentialsProvider.create(
                AwsBasicCredentials.create(credentials.accessKey(), credentials.secretKey()));
    }

    private ServiceProcess hold() {
        return ServiceProcess.ofMain(Holder.class, directory.toString())
                .heap("128m")
                .start();
    }

    private static URI endpoint(ServiceProcess holder) {
        return URI.create(
                holder.awaitLine(line -> line.startsWith("ready "), LIMIT).substring(6));
    }

    private S3Credentials credentials() throws IOException {
        var s3 = directory.resolve("s3");
        return new S3Credentials(
                Files.readString(s3.resolve("access-key")), Files.readString(s3.resolve("secret-key")));
    }

    private EmbeddedS3Server start() {
        return start(directory);
    }

    private static EmbeddedS3Server start(Path directory) {
        var server = EmbeddedS3Server.start(directory.resolve("s3"), 0, List.of(ORIGIN));
        server.createBucket(BUCKET);
        return server;
    }

    /// A JVM that holds an S3 server until it is killed.
    static final class Holder {
        public static void main(String[] arguments) throws InterruptedException {
            System.out.println("ready " + start(Path.of(arguments[0])).endpoint());
            Thread.currentThread().join();
        }
    }
}
