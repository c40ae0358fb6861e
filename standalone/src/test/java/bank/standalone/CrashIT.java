package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.standalone.Http.Part;
import bank.testing.Eventually;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Processes killed by `kill -9` at the worst moments. Afterwards: no document without content, no content
/// without a document once the reaper ran, every acknowledged upload there and byte-identical, holds as the
/// links say.
class CrashIT {
    private static final Duration SETTLED_MAX = Duration.ofSeconds(40);

    @TempDir
    static Path directory;

    private static ServiceProcesses services;
    private static S3Client s3;
    private static Http http;
    private static String client;
    private static long clientId;
    private static String employee;

    @BeforeAll
    static void start() {
        services = new ServiceProcesses(
                directory,
                "256m",
                Map.of(
                        "BANK_DOCUMENT_UPLOAD_TIME_MAX", "PT5S",
                        "BANK_DOCUMENT_UPLOAD_GRACE", "PT6S",
                        "BANK_DOCUMENT_REAPER_PAUSE", "PT1S",
                        "BANK_CONTRACT_MEND_PAUSE", "PT1S",
                        "BANK_CONTRACT_MEND_PATIENCE", "PT15S"));
        s3 = S3Client.builder()
                .endpointOverride(services.s3().endpoint())
                .region(Region.of(services.s3().region()))
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        services.s3().credentials().accessKey(),
                        services.s3().credentials().secretKey())))
                .build();
        http = new Http(services.uri());
        client = http.token("client@demo.test", RunningBank.PASSWORD);
        employee = http.token("employee@demo.test", RunningBank.PASSWORD);
        clientId = http.get("/v1/users/me", client).json().at("/user/id").asLong();
    }

    @AfterAll
    static void stop() {
        s3.close();
        services.close();
    }

    @AfterEach
    void contentAndDocumentsAgree() throws Exception {
        Eventually.holds(
                "objects and versions are the same set",
                SETTLED_MAX,
                () -> objects().equals(versions()));
    }

    @Test
    void keepsEveryAcknowledgedUploadWhenKilledAmongMany() throws Exception {
        var seed = System.nanoTime();
        System.out.println("CrashIT seed " + seed);
        var random = new Random(seed);
        var acknowledged = new ConcurrentHashMap<Long, String>();
        var refused = new AtomicReference<>("none");
        for (var round = 0; round < 3; round++) {
            var stop = new AtomicBoolean();
            var stored = new AtomicInteger();
            var enough = new CountDownLatch(5 + random.nextInt(20));
            var uploads = Executors.newVirtualThreadPerTaskExecutor();
            try {
                for (var worker = 0; worker < 8; worker++) {
                    uploads.submit(() -> {
                        while (!stop.get()) {
                            var content = pdf(stored.incrementAndGet(), 300_000);
                            try {
                                var reply = upload(content);
                                if (reply.status() == 201) {
                                    acknowledged.put(
                                            reply.json().path("document_id").asLong(), digest(content));
                                    enough.countDown();
                                } else {
                                    refused.set(reply.status() + " " + reply.text());
                                }
                            } catch (UncheckedIOException connectionLost) {
                                assertThat(connectionLost).isNotNull();
                            }
                        }
                    });
                }
                assertThat(enough.await(60, TimeUnit.SECONDS))
                        .as("the last refusal: " + refused.get())
                        .isTrue();
                services.kill("document");
            } finally {
                stop.set(true);
                uploads.close();
            }
            services.start("document");
        }
        assertThat(acknowledged).hasSizeGreaterThan(15);
        awaitEdge();
        acknowledged.forEach((id, digest) -> assertThat(digest(http.get("/v1/dbo/documents/" + id + "/content", client)
                        .expect(200)
                        .body()))
                .as("document " + id)
                .isEqualTo(digest));
    }

    @Test
    void storesNothingOfAnUploadCutOffByACrash() throws Exception {
        var before = versions();
        try (var socket = new Socket("127.0.0.1", services.uri().getPort())) {
            var head = "POST /v1/dbo/documents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + client
                    + "\r\nContent-Type: application/pdf\r\nContent-Length: 2000000\r\n\r\n";
            var out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(Arrays.copyOf(pdf(1, 1_000_000), 1_000_000));
            out.flush();
            Eventually.holds("the content is being spooled", Duration.ofSeconds(20), CrashIT::spooling);
            services.kill("document");
        }
        services.start("document");
        awaitEdge();
        assertThat(versions()).isEqualTo(before);
    }

    @Test
    void reapsTheObjectWhenKilledBetweenObjectAndRow() throws Exception {
        var objects = objects();
        try (var connection = services.connect("document");
                var uploads = Executors.newVirtualThreadPerTaskExecutor()) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("LOCK TABLE document IN SHARE ROW EXCLUSIVE MODE");
            var upload = uploads.submit(() -> upload(pdf(2, 300_000)));
            Eventually.holds(
                    "the object is stored",
                    Duration.ofSeconds(20),
                    () -> objects().size() > objects.size());
            services.kill("document");
            connection.rollback();
            assertThat(upload.get().status()).isGreaterThanOrEqualTo(500);
        }
        services.start("document");
        awaitEdge();
        Eventually.holds("the object is reaped", SETTLED_MAX, () -> objects().equals(objects));
    }

    @Test
    void answersTheRepeatOfAnUploadWhoseAnswerWasLost() throws Exception {
        var content = pdf(3, 100_000);
        var first = upload(content, "Idempotency-Key", "crash-repeat").expect(201);
        services.kill("document");
        services.start("document");
        awaitEdge();
        var again = upload(content, "Idempotency-Key", "crash-repeat").expect(201);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.json()).isEqualTo(first.json());
    }

    @Test
    void releasesTheHoldWhenKilledBetweenHoldAndLink() throws Exception {
        var document =
                upload(pdf(4, 50_000)).expect(201).json().path("document_id").asLong();
        var contract = contract();
        try (var connection = services.connect("contract");
                var links = Executors.newVirtualThreadPerTaskExecutor()) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("LOCK TABLE contract_link IN SHARE ROW EXCLUSIVE MODE");
            var link = links.submit(() -> link(contract, document));
            Eventually.holds("the document is held", Duration.ofSeconds(20), () -> held(document));
            services.kill("contract");
            connection.rollback();
            assertThat(link.get().status()).isGreaterThanOrEqualTo(500);
        }
        services.start("contract");
        Eventually.holds("the hold is released", SETTLED_MAX, () -> !held(document));
        assertThat(http.get("/v1/sm/contracts/" + contract + "/documents", client)
                        .expect(200)
                        .json()
                        .path("documents"))
                .isEmpty();
        link(contract, document).expect(201);
        assertThat(held(document)).isTrue();
    }

    @Test
    void releasesTheHoldOfARevokedLinkWhenDocumentServiceWasDown() throws Exception {
        var document =
                upload(pdf(5, 50_000)).expect(201).json().path("document_id").asLong();
        var contract = contract();
        link(contract, document).expect(201);
        services.kill("document");
        http.json("PUT", "/v1/sm/contracts/" + contract + "/link", client, """
                        {"document_id":%d,"status":"revoked"}""".formatted(document))
                .expect(200);
        services.start("document");
        Eventually.holds("the hold is released", SETTLED_MAX, () -> !held(document));
        awaitEdge();
    }

    private static Http.Reply upload(byte[] content, String... headers) {
        return http.multipart(
                "POST",
                "/v1/dbo/documents",
                client,
                List.of(Part.field("description", "crash"), Part.file("file", "crash.pdf", content)),
                headers);
    }

    private static long contract() {
        return http.json("POST", "/v1/sm/contracts", client, "{\"description\":\"crash\"}")
                .expect(201)
                .json()
                .path("contract_id")
                .asLong();
    }

    private static Http.Reply link(long contract, long document) {
        return http.json(
                "POST", "/v1/sm/contracts/" + contract + "/link", client, "{\"document_id\":" + document + "}");
    }

    private static void awaitEdge() throws Exception {
        Eventually.holds(
                "the edge reaches document-service again",
                Duration.ofSeconds(30),
                () -> http.get("/v1/dbo/users/" + clientId + "/documents", client)
                                .status()
                        == 200);
    }

    private static boolean held(long document) throws SQLException {
        try (var connection = services.connect("document");
                var query =
                        connection.prepareStatement("SELECT 1 FROM document_hold WHERE document_id = ? AND active")) {
            query.setLong(1, document);
            return query.executeQuery().next();
        }
    }

    private static Set<String> versions() throws SQLException {
        try (var connection = services.connect("document");
                var rows = connection.createStatement().executeQuery("SELECT object_key FROM document_version")) {
            var keys = new HashSet<String>();
            while (rows.next()) {
                keys.add(rows.getString(1));
            }
            return keys;
        }
    }

    private static Set<String> objects() {
        var keys = new HashSet<String>();
        s3.listObjectsV2Paginator(request -> request.bucket("documents")).contents().stream()
                .map(S3Object::key)
                .forEach(keys::add);
        return keys;
    }

    private static boolean spooling() {
        var descriptors =
                Path.of("/proc", Long.toString(services.process("document").pid()), "fd");
        try (var files = java.nio.file.Files.list(descriptors)) {
            return files.anyMatch(file -> {
                try {
                    var target = java.nio.file.Files.readSymbolicLink(file).toString();
                    return target.startsWith(directory.resolve("spool").toString())
                            && java.nio.file.Files.size(file) > 256 * 1024;
                } catch (java.io.IOException closedMeanwhile) {
                    return false;
                }
            });
        } catch (java.io.IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A PDF of some size whose bytes differ with the number.
    private static byte[] pdf(int number, int size) {
        var content = new byte[size];
        new Random(number).nextBytes(content);
        var head = "%PDF-1.4\n%% ".getBytes(StandardCharsets.US_ASCII);
        var tail = "\nstartxref\n0\n%%EOF\n".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(head, 0, content, 0, head.length);
        System.arraycopy(tail, 0, content, size - tail.length, tail.length);
        return content;
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
