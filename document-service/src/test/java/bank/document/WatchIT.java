package bank.document;

import static bank.testing.StatusAssert.assertThatCall;
import static bank.testing.StatusAssert.assertThatFailure;
import static bank.v1.DocumentEventType.DOCUMENT_EVENT_TYPE_CONTENT_REPLACED;
import static bank.v1.DocumentEventType.DOCUMENT_EVENT_TYPE_DELETED;
import static bank.v1.DocumentEventType.DOCUMENT_EVENT_TYPE_STATUS_CHANGED;
import static bank.v1.DocumentEventType.DOCUMENT_EVENT_TYPE_UPLOADED;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_PENDING;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_PROCESSING;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_REJECTED;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.Eventually;
import bank.testing.ExpectedLog;
import bank.v1.DeleteDocumentRequest;
import bank.v1.DocumentChange;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.DocumentStatus;
import bank.v1.WatchDocumentsRequest;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Watching documents, by one instance of the service.
class WatchIT {
    private static final WatchDocumentsRequest ALL = WatchDocumentsRequest.getDefaultInstance();
    private static final int CALLER_AT_ONCE_MAX = 3;

    @RegisterExtension
    static final DocumentServiceExtension service = new DocumentServiceExtension(Map.of(
            "watch.caller-at-once-max", Integer.toString(CALLER_AT_ONCE_MAX),
            "watch.heartbeat", "PT0.3S",
            "watch.stall-max", "PT0.5S"));

    @RegisterExtension
    static final ExpectedLog log =
            new ExpectedLog("ERROR DocumentWatches unexpected failure while following the log of changes");

    private static final Documents documents = new Documents(service);

    @Test
    void tellsWhatHappensToADocumentInItsOrder() throws Exception {
        try (var watched = Watched.open(service.client().channel(), ALL)) {
            watched.message();
            var id = documents.pending();
            documents.set(service.employee(), id, DOCUMENT_STATUS_PROCESSING);
            documents.set(service.employee(), id, DOCUMENT_STATUS_REJECTED);
            Sent.replace(service.client(), id, "b.pdf", SmallPdf.of("second version"));
            delete(id);

            var changes = watched.changes(5);

            assertThat(changes).allMatch(change -> change.getDocumentId() == id);
            assertThat(changes).allMatch(change -> change.getUserId() == TestIdentity.CLIENT);
            assertThat(changes)
                    .extracting(DocumentChange::getType)
                    .containsExactly(
                            DOCUMENT_EVENT_TYPE_UPLOADED,
                            DOCUMENT_EVENT_TYPE_STATUS_CHANGED,
                            DOCUMENT_EVENT_TYPE_STATUS_CHANGED,
                            DOCUMENT_EVENT_TYPE_CONTENT_REPLACED,
                            DOCUMENT_EVENT_TYPE_DELETED);
            assertThat(changes)
                    .extracting(DocumentChange::getFromStatus)
                    .containsExactly(
                            DocumentStatus.DOCUMENT_STATUS_UNSPECIFIED,
                            DOCUMENT_STATUS_PENDING,
                            DOCUMENT_STATUS_PROCESSING,
                            DOCUMENT_STATUS_REJECTED,
                            DOCUMENT_STATUS_PENDING);
            assertThat(changes)
                    .extracting(DocumentChange::getStatus)
                    .containsExactly(
                            DOCUMENT_STATUS_PENDING,
                            DOCUMENT_STATUS_PROCESSING,
                            DOCUMENT_STATUS_REJECTED,
                            DOCUMENT_STATUS_PENDING,
                            DocumentStatus.DOCUMENT_STATUS_UNSPECIFIED);
            assertThat(changes).extracting(DocumentChange::getEtag).containsExactly("1", "2", "3", "4", "4");
            assertThat(changes).extracting(DocumentChange::getContentVersion).containsExactly(1, 1, 1, 2, 2);
            assertThat(changes.get(1).getActor()).isEqualTo("user:" + TestIdentity.EMPLOYEE);
        }
    }

    @Test
    void beginsWithThePresentPlaceAndTellsNothingOfBefore() throws Exception {
        var before = documents.pending();
        try (var watched = Watched.open(service.client().channel(), ALL)) {
            var first = watched.message();
            assertThat(first.hasChange()).isFalse();
            assertThat(first.getId()).matches("[0-9]+");
            var later = documents.pending();
            assertThat(watched.next().getChange().getDocumentId())
                    .isEqualTo(later)
                    .isNotEqualTo(before);
        }
    }

    @Test
    void tellsNothingOfWhatWasOnlyTried() throws Exception {
        try (var watched = Watched.open(service.client().channel(), ALL)) {
            watched.message();
            var id = documents.pending();
            documents.set(service.employee().with("validate-only", "true"), id, DOCUMENT_STATUS_PROCESSING);
            documents.set(service.employee(), id, DOCUMENT_STATUS_PROCESSING);
            assertThat(watched.changes(2)).extracting(DocumentChange::getEtag).containsExactly("1", "2");
        }
    }

    @Test
    void showsClientsTheirOwnDocumentsAlone() throws Exception {
        try (var other = Watched.open(service.otherClient().channel(), ALL);
                var staff = Watched.open(service.employee().channel(), ALL);
                var machine = Watched.open(service.machine("documents:read").channel(), ALL)) {
            other.message();
            staff.message();
            machine.message();
            var id = documents.pending();
            Sent.upload(service.otherClient(), "a.pdf", SmallPdf.of("of the other"));

            assertThat(other.next().getChange().getUserId()).isEqualTo(TestIdentity.OTHER_CLIENT);
            assertThat(staff.changes(2))
                    .extracting(DocumentChange::getUserId)
                    .containsExactly(TestIdentity.CLIENT, TestIdentity.OTHER_CLIENT);
            assertThat(machine.next().getChange().getDocumentId()).isEqualTo(id);
        }
    }

    @Test
    void showsTheDocumentsOfOneUserWhenAskedFor() throws Exception {
        var request = WatchDocumentsRequest.newBuilder()
                .setUserId(TestIdentity.OTHER_CLIENT)
                .build();
        try (var staff = Watched.open(service.employee().channel(), request);
                var himself = Watched.open(service.otherClient().channel(), request)) {
            staff.message();
            himself.message();
            documents.pending();
            Sent.upload(service.otherClient(), "a.pdf", SmallPdf.of("asked for"));
            assertThat(staff.next().getChange().getUserId()).isEqualTo(TestIdentity.OTHER_CLIENT);
            assertThat(himself.next().getChange().getUserId()).isEqualTo(TestIdentity.OTHER_CLIENT);
        }
        assertThatFailure(Watched.open(service.client().channel(), request).failure())
                .fails(Code.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void refusesWhoMayNotRead() throws Exception {
        assertThatFailure(Watched.open(service.nobody().channel(), ALL).failure())
                .fails(Code.UNAUTHENTICATED, "TOKEN_MISSING");
        assertThatFailure(Watched.open(service.machine("documents:hold").channel(), ALL)
                        .failure())
                .fails(Code.PERMISSION_DENIED, "SCOPE_MISSING");
    }

    @Test
    void saysNowAndThenThatNothingHappened() throws Exception {
        try (var watched = Watched.open(service.otherClient().channel(), ALL)) {
            var first = watched.message();
            documents.pending();
            // What concerns others moves the place on.
            Eventually.holds("the place moves on", Duration.ofSeconds(20), () -> {
                var later = watched.message();
                assertThat(later.hasChange()).isFalse();
                return Long.parseLong(later.getId()) > Long.parseLong(first.getId());
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "x", "1234567890123456789"})
    void refusesAnIdThatIsNone(String id) throws Exception {
        assertThatFailure(Watched.open(service.client().channel(), Watched.after(id))
                        .failure())
                .hasCode(Code.INVALID_ARGUMENT)
                .hasFieldViolation("after");
    }

    @Test
    void refusesAnIdThatWasNeverGiven() throws Exception {
        assertThatFailure(Watched.open(service.client().channel(), Watched.after("999999999"))
                        .failure())
                .fails(Code.OUT_OF_RANGE, "WATCH_POSITION_GONE");
    }

    @Test
    void endsForAReaderWhoTakesNothingAndLetsHimResume() throws Exception {
        var place = place();
        var rows = 60_000;
        service.database.inTransaction(tx -> tx.sql()
                .createUpdate("""
                        INSERT INTO document_log (document_id, user_id, type, to_status, version, revision, actor,
                            created_at)
                        SELECT n, :user, 'uploaded', 'pending', 1, 1, 'client:abs-integration', now()
                        FROM generate_series(1, :rows) n""")
                .bind("user", TestIdentity.CLIENT)
                .bind("rows", rows)
                .execute());
        var slow = Watched.open(service.client().channel(), Watched.after(place), 10);
        var last = slow.message().getId();
        for (var taken = 1; taken < 10; taken++) {
            last = slow.message().getId();
        }
        // He has ended once there is a place for another.
        try (var one = Watched.open(service.client().channel(), ALL);
                var two = Watched.open(service.client().channel(), ALL)) {
            one.message();
            two.message();
            awaitPlace(service.client());
        }
        // What was on its way comes before the end.
        slow.take(Integer.MAX_VALUE - 10);
        while (true) {
            var next = slow.poll();
            if (next == null) {
                break;
            }
            last = next.getId();
        }
        assertThatFailure(slow.failure()).fails(Code.RESOURCE_EXHAUSTED, "WATCHER_TOO_SLOW");
        var seen = Long.parseLong(last) - Long.parseLong(place);
        assertThat(seen).isLessThan(rows);
        try (var resumed = Watched.open(service.client().channel(), Watched.after(last))) {
            assertThat(resumed.next().getChange().getDocumentId()).isEqualTo(seen + 1);
            var rest = resumed.changes(rows - (int) seen - 1);
            assertThat(rest.getLast().getDocumentId()).isEqualTo(rows);
        }
    }

    @Test
    void endsTheWorkForACallerWhoIsGone() throws Exception {
        var open = List.of(
                Watched.open(service.admin().channel(), ALL),
                Watched.open(service.admin().channel(), ALL),
                Watched.open(service.admin().channel(), ALL));
        for (var watched : open) {
            watched.message();
        }
        assertThatFailure(Watched.open(service.admin().channel(), ALL).failure())
                .fails(Code.RESOURCE_EXHAUSTED, "CALLER_WATCHES_EXCEEDED");
        open.getFirst().close();
        awaitPlace(service.admin());
        open.forEach(Watched::close);
    }

    @Test
    void endsWithItsDeadline() {
        var stub = DocumentReviewServiceGrpc.newBlockingStub(service.client().channel());
        assertThatCall(() -> stub.withDeadlineAfter(700, TimeUnit.MILLISECONDS)
                        .watchDocuments(ALL)
                        .forEachRemaining(
                                message -> assertThat(message.hasChange()).isFalse()))
                .hasCode(Code.DEADLINE_EXCEEDED);
    }

    @Test
    void endsForAWatcherBehindWhatIsForgottenAndGoesOnForOthers() throws Exception {
        try (var behind = Watched.open(service.employee().channel(), ALL)) {
            behind.message();
            service.database.inTransaction(
                    tx -> tx.sql().execute("UPDATE document_log_end SET given = given + 5, forgotten = given + 5"));
            documents.pending();

            assertThatFailure(behind.failure()).fails(Code.OUT_OF_RANGE, "WATCH_POSITION_GONE");
        }
        try (var next = Watched.open(service.employee().channel(), ALL)) {
            next.message();
            var id = documents.pending();
            assertThat(next.next().getChange().getDocumentId()).isEqualTo(id);
        }
    }

    private static void awaitPlace(DocumentServiceExtension.Caller caller) {
        Eventually.holds("there is a place", Duration.ofSeconds(60), () -> {
            try (var again = Watched.open(caller.channel(), ALL)) {
                return again.began();
            }
        });
    }

    private static String place() throws InterruptedException {
        try (var watched = Watched.open(service.employee().channel(), ALL)) {
            return watched.message().getId();
        }
    }

    private static void delete(long id) {
        service.client()
                .documents()
                .deleteDocument(DeleteDocumentRequest.newBuilder().setId(id).build());
    }
}
