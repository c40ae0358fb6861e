package bank.bench;

import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.DocumentReviewServiceGrpc.DocumentReviewServiceBlockingStub;
import bank.v1.DocumentStatus;
import bank.v1.SearchDocumentsRequest;
import com.google.type.Date;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// SearchDocuments with each criterion but `text`, a full page, at ten thousand and at a million documents.
final class SearchBench {
    private static final int SMALL = 10_000;
    private static final int LARGE = 1_000_000;
    private static final int CALLS = 400;
    private static final int WARM_UP_CALLS = 4_000;

    private SearchBench() {}

    static void main() throws Exception {
        try (var bank = BenchBank.start()) {
            var stub = DocumentReviewServiceGrpc.newBlockingStub(bank.documentChannel(bank.employeeToken()));
            fill(bank, 0, SMALL);
            var small = measure(stub);
            fill(bank, SMALL, LARGE);
            var large = measure(stub);
            for (var i = 0; i < small.size(); i++) {
                System.out.printf(
                        "search by %-14s median %.2f ms at 10 thousand, %.2f ms at 1 million, ratio %.2f (goal: at most 1.5)%n",
                        small.get(i).criterion(),
                        small.get(i).nanos() / 1e6,
                        large.get(i).nanos() / 1e6,
                        (double) large.get(i).nanos() / small.get(i).nanos());
            }
        }
    }

    private static Map<String, SearchDocumentsRequest> criteria() {
        var day = Date.newBuilder().setYear(2025).setMonth(6).setDay(15).build();
        var criteria = new LinkedHashMap<String, SearchDocumentsRequest>();
        criteria.put("nothing", SearchDocumentsRequest.getDefaultInstance());
        criteria.put(
                "status",
                SearchDocumentsRequest.newBuilder()
                        .setStatus(DocumentStatus.DOCUMENT_STATUS_REJECTED)
                        .build());
        criteria.put(
                "category",
                SearchDocumentsRequest.newBuilder().setCategory("Справки").build());
        criteria.put(
                "user_id",
                SearchDocumentsRequest.newBuilder().setUserId(7_000_007).build());
        criteria.put(
                "worker_id",
                SearchDocumentsRequest.newBuilder().setWorkerId(8_000_003).build());
        criteria.put(
                "uploaded_from",
                SearchDocumentsRequest.newBuilder().setUploadedFrom(day).build());
        criteria.put(
                "uploaded_to",
                SearchDocumentsRequest.newBuilder().setUploadedTo(day).build());
        return criteria;
    }

    private record Median(String criterion, long nanos) {}

    /// Calls alternate between the criteria, so that a slow moment of the machine meets all of them.
    private static List<Median> measure(DocumentReviewServiceBlockingStub stub) {
        var criteria = List.copyOf(criteria().entrySet());
        var nanos = new long[criteria.size()][CALLS];
        for (var i = -WARM_UP_CALLS; i < CALLS; i++) {
            for (var c = 0; c < criteria.size(); c++) {
                var begin = System.nanoTime();
                var rows = stub.searchDocuments(criteria.get(c).getValue()).getResultsCount();
                var end = System.nanoTime();
                if (rows != 50) {
                    throw new IllegalStateException(
                            criteria.get(c).getKey() + " found " + rows + " rows, not a full page");
                }
                if (i >= 0) {
                    nanos[c][i] = end - begin;
                }
            }
        }
        var medians = new ArrayList<Median>();
        for (var c = 0; c < criteria.size(); c++) {
            Arrays.sort(nanos[c]);
            medians.add(new Median(criteria.get(c).getKey(), nanos[c][CALLS / 2]));
        }
        return medians;
    }

    /// Documents spread over a year, a hundred owners, ten workers, every category and status.
    private static void fill(BenchBank bank, int from, int to) throws IOException, SQLException {
        var database = bank.documentDatabase();
        try (var connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                var statement = connection.createStatement()) {
            statement.execute("""
                    WITH fresh AS (
                        INSERT INTO document (user_id, description, category_id, status, worker_id, version, revision, created_at)
                        SELECT 7000000 + n %% 100, 'Документ ' || n, 1 + n %% 5,
                               (ARRAY['pending', 'processing', 'approved', 'processed', 'rejected', 'requires_review', 'archived'])[1 + n %% 7],
                               8000000 + n %% 10, 1, 1,
                               timestamptz '2025-01-01' + (n::bigint * 7919 %% 31536000) * interval '1 second'
                        FROM generate_series(%d, %d) n
                        RETURNING id, created_at)
                    INSERT INTO document_version
                        (document_id, version, file_name, media_type, size_bytes, digest, object_key, created_at, verified_at)
                    SELECT id, 1, 'bench.pdf', 'application/pdf', 1, 'sha-256:0', 'bench/' || id, created_at, now()
                    FROM fresh""".formatted(from, to - 1));
            statement.execute("VACUUM ANALYZE document");
            statement.execute("VACUUM ANALYZE document_version");
        }
    }
}
