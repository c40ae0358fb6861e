package bank.bench;

import bank.embedded.PostgresDatabase;
import bank.embedded.S3Credentials;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// Uploads of 100 KiB PDFs and status reads through the edge, against the same SQL and S3 calls made
/// straight by a driver, in the same run on the same machine.
final class GatewayBench {
    private static final int CONTENT_BYTES = 100 * 1024;
    private static final int WORKERS = 16;

    // The rate through the edge rises for minutes, as long as the JIT compiles beside the load.
    private static final Duration EDGE_WARM_UP = Duration.ofSeconds(150);
    private static final Duration STRAIGHT_WARM_UP = Duration.ofSeconds(15);

    private GatewayBench() {}

    static void main(String[] arguments) throws Exception {
        var rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        var seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8;
        var content = Pdf.ofSize(CONTENT_BYTES);
        try (var bank = BenchBank.start();
                var driver = new StraightDriver(bank.documentDatabase(), bank.s3Endpoint(), bank.s3Credentials())) {
            var web = WebClient.builder(bank.uri())
                    .factory(ClientFactory.builder().build())
                    .responseTimeout(Duration.ofSeconds(30))
                    .build();
            var token = bank.clientToken();
            var owner = bank.clientId();
            var throughEdge = new ArrayList<Long>();
            var straight = new ArrayList<Long>();
            for (var i = 0; i < 64; i++) {
                throughEdge.add(upload(web, token, content));
                straight.add(driver.upload(owner, content));
            }
            Load.Work edgeUpload = () -> upload(web, token, content);
            Load.Work edgeRead = () -> read(web, token, pick(throughEdge));
            Load.Work straightUpload = () -> driver.upload(owner, content);
            Load.Work straightRead = () -> driver.readStatus(pick(straight));
            System.out.println("warming up for 5 and a half minutes");
            for (var work : List.of(edgeUpload, edgeRead)) {
                Load.run(WORKERS, EDGE_WARM_UP, work);
            }
            for (var work : List.of(straightUpload, straightRead)) {
                Load.run(WORKERS, STRAIGHT_WARM_UP, work);
            }
            compare("upload of 100 KiB", rounds, Duration.ofSeconds(seconds), edgeUpload, straightUpload);
            compare("status read", rounds, Duration.ofSeconds(seconds), edgeRead, straightRead);
            compare(
                    "upload and status read",
                    rounds,
                    Duration.ofSeconds(seconds),
                    () -> read(web, token, upload(web, token, content)),
                    () -> driver.readStatus(driver.upload(owner, content)));
        }
    }

    private static void compare(String what, int rounds, Duration time, Load.Work edge, Load.Work straight)
            throws InterruptedException {
        var ratios = new double[rounds];
        for (var round = 0; round < rounds; round++) {
            var baseline = Load.run(WORKERS, time, straight);
            var measured = Load.run(WORKERS, time, edge);
            ratios[round] = measured.perSecond() / baseline.perSecond();
            System.out.printf(
                    "%s: through the edge %,.0f/s (p50 %.1f ms, p99 %.1f ms), straight %,.0f/s (p50 %.1f ms, p99 %.1f ms), ratio %.2f%n",
                    what,
                    measured.perSecond(),
                    measured.millis(0.5),
                    measured.millis(0.99),
                    baseline.perSecond(),
                    baseline.millis(0.5),
                    baseline.millis(0.99),
                    ratios[round]);
        }
        Arrays.sort(ratios);
        System.out.printf("%s: median ratio %.2f (goal: at least 0.5)%n", what, ratios[rounds / 2]);
    }

    private static long pick(List<Long> ids) {
        return ids.get(ThreadLocalRandom.current().nextInt(ids.size()));
    }

    private static long upload(WebClient web, String token, byte[] content) {
        var answer = web.execute(HttpRequest.of(
                        RequestHeaders.builder(
                                        HttpMethod.POST, "/v1/dbo/documents?file_name=bench.pdf&description=bench")
                                .contentType(MediaType.PDF)
                                .set("authorization", "Bearer " + token)
                                .build(),
                        HttpData.wrap(content)))
                .aggregate()
                .join();
        if (answer.status().code() != 201) {
            throw new IllegalStateException(answer.status() + " " + answer.contentUtf8());
        }
        return Long.parseLong(answer.contentUtf8().replaceAll("(?s).*\"document_id\":([0-9]+).*", "$1"));
    }

    private static long read(WebClient web, String token, long id) {
        var answer = web.execute(RequestHeaders.builder(HttpMethod.GET, "/v1/abs/documents/" + id)
                        .set("authorization", "Bearer " + token)
                        .build())
                .aggregate()
                .join();
        if (answer.status().code() != 200) {
            throw new IllegalStateException(answer.status() + " " + answer.contentUtf8());
        }
        return answer.content().length();
    }

    /// The calls document-service makes, and nothing else.
    private static final class StraightDriver implements AutoCloseable {
        private final HikariDataSource pool = new HikariDataSource();
        private final S3Client s3;

        StraightDriver(PostgresDatabase database, URI endpoint, S3Credentials credentials) {
            pool.setJdbcUrl(database.jdbcUrl());
            pool.setUsername(database.user());
            pool.setPassword(database.password());
            pool.setMaximumPoolSize(WORKERS);
            s3 = S3Client.builder()
                    .endpointOverride(endpoint)
                    .region(Region.US_EAST_1)
                    .forcePathStyle(true)
                    .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                    .httpClientBuilder(UrlConnectionHttpClient.builder())
                    .credentialsProvider(StaticCredentialsProvider.create(
                            AwsBasicCredentials.create(credentials.accessKey(), credentials.secretKey())))
                    .build();
        }

        private static void readCategory(Connection connection) throws SQLException {
            try (var query = connection.prepareStatement(
                    "SELECT id, code, name_ru, name_en FROM document_category WHERE id = ?")) {
                query.setLong(1, 5);
                query.executeQuery().next();
            }
        }

        long upload(long owner, byte[] content) throws SQLException, NoSuchAlgorithmException {
            var key = "documents/" + UUID.randomUUID();
            try (var connection = pool.getConnection()) {
                readCategory(connection);
            }
            try (var connection = pool.getConnection();
                    var claim = connection.prepareStatement(
                            "INSERT INTO object_claim (key, state, due) VALUES (?, 'uploading', now() + interval '1 hour')")) {
                connection.setAutoCommit(false);
                claim.setString(1, key);
                claim.executeUpdate();
                connection.commit();
            }
            var sha256 = Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
            s3.putObject(
                    request -> request.bucket("documents").key(key).checksumSHA256(sha256),
                    RequestBody.fromBytes(content));
            try (var connection = pool.getConnection()) {
                connection.setAutoCommit(false);
                readCategory(connection);
                long id;
                try (var document = connection.prepareStatement("""
                        INSERT INTO document (user_id, description, category_id, status, version, revision, created_at)
                        VALUES (?, 'bench', 5, 'pending', 1, 1, now()) RETURNING id""")) {
                    document.setLong(1, owner);
                    var row = document.executeQuery();
                    row.next();
                    id = row.getLong(1);
                }
                try (var version = connection.prepareStatement("""
                        INSERT INTO document_version
                            (document_id, version, file_name, media_type, size_bytes, digest, object_key, created_at, verified_at)
                        VALUES (?, 1, 'bench.pdf', 'application/pdf', ?, 'sha-256:0', ?, now(), now())""")) {
                    version.setLong(1, id);
                    version.setLong(2, content.length);
                    version.setString(3, key);
                    version.executeUpdate();
                }
                try (var event = connection.prepareStatement("""
                        INSERT INTO document_event (document_id, type, actor, to_status, version, comment, created_at)
                        VALUES (?, 'uploaded', 'bench', 'pending', 1, '', now())""")) {
                    event.setLong(1, id);
                    event.executeUpdate();
                }
                try (var claim = connection.prepareStatement("DELETE FROM object_claim WHERE key = ?")) {
                    claim.setString(1, key);
                    claim.executeUpdate();
                }
                connection.commit();
                return id;
            }
        }

        long readStatus(long id) throws SQLException {
            try (var connection = pool.getConnection();
                    var query = connection.prepareStatement("""
                            SELECT d.*, v.*, c.name_ru FROM document d
                            JOIN document_version v ON v.document_id = d.id AND v.version = d.version
                            JOIN document_category c ON c.id = d.category_id
                            WHERE d.id = ?""")) {
                query.setLong(1, id);
                var row = query.executeQuery();
                row.next();
                return row.getLong("user_id") + row.getString("status").length();
            }
        }

        @Override
        public void close() {
            s3.close();
            pool.close();
        }
    }
}
