package bank.document;

import static bank.testing.StatusAssert.assertThatFailure;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_PROCESSING;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_REQUIRES_REVIEW;
import static org.assertj.core.api.Assertions.assertThat;

import bank.document.domain.DocumentWatches;
import bank.document.store.DocumentLogStore;
import bank.v1.DocumentChange;
import bank.v1.DocumentEvent;
import bank.v1.WatchDocumentsRequest;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Watching documents, by two instances of the service on one database.
class WatchInstancesIT {
    private static final WatchDocumentsRequest ALL = WatchDocumentsRequest.getDefaultInstance();

    @RegisterExtension
    static final DocumentServiceExtension service = new DocumentServiceExtension(Map.of("watch.heartbeat", "PT0.2S"));

    private static final Documents documents = new Documents(service);

    private static DocumentServer second;
    private static ManagedChannel channel;

    @BeforeAll
    static void startAnother() {
        second = DocumentServer.start(service.config(), service.clock);
        channel = open(second);
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        second.close();
    }

    private static ManagedChannel open(DocumentServer server) {
        return NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .build();
    }

    @Test
    void tellsAtOneWhatWasDoneAtTheOther() throws Exception {
        try (var watched = Watched.open(service.client(channel).channel(), ALL)) {
            watched.message();
            var id = documents.pending();
            assertThat(watched.next().getChange().getDocumentId()).isEqualTo(id);
        }
    }

    /// Whoever resumes now here, now there, while much happens at once, misses nothing and is told nothing twice.
    @Test
    void resumesAtEitherWithoutLossOrRepeat() throws Exception {
        var writers = 4;
        var each = 12;
        var steps = 4;
        try (var threads = Executors.newFixedThreadPool(writers)) {
            String place;
            try (var first = Watched.open(service.client().channel(), ALL)) {
                place = first.message().getId();
            }
            var written = new ArrayList<Future<List<Long>>>();
            for (var writer = 0; writer < writers; writer++) {
                written.add(threads.submit(() -> write(each, steps)));
            }
            var told = new ArrayList<DocumentChange>();
            var last = Long.parseLong(place);
            for (var turn = 0; told.size() < writers * each * (steps + 1); turn++) {
                var at = turn % 2 == 0
                        ? service.client().channel()
                        : service.client(channel).channel();
                last = takeSome(at, last, 1 + turn % 7, told);
            }
            var expected = new HashMap<Long, List<Long>>();
            for (var ids : written) {
                for (var id : ids.get()) {
                    expected.put(id, history(id));
                }
            }
            var found = new HashMap<Long, List<Long>>();
            told.forEach(change -> found.computeIfAbsent(change.getDocumentId(), _ -> new ArrayList<>())
                    .add(Long.parseLong(change.getEtag())));
            assertThat(found).isEqualTo(expected);
        }
    }

    private static List<Long> write(int count, int steps) {
        var ids = new ArrayList<Long>();
        for (var document = 0; document < count; document++) {
            var id = documents.pending();
            ids.add(id);
            for (var step = 0; step < steps; step++) {
                documents.set(
                        service.employee(),
                        id,
                        step % 2 == 0 ? DOCUMENT_STATUS_PROCESSING : DOCUMENT_STATUS_REQUIRES_REVIEW);
            }
        }
        return ids;
    }

    private static long takeSome(Channel at, long after, int count, List<DocumentChange> told) throws Exception {
        var last = after;
        try (var watched = Watched.open(at, Watched.after(Long.toString(after)))) {
            for (var taken = 0; taken < count; taken++) {
                var message = watched.message();
                assertThat(Long.parseLong(message.getId())).isGreaterThanOrEqualTo(last);
                if (message.hasChange()) {
                    assertThat(Long.parseLong(message.getId())).isGreaterThan(last);
                    told.add(message.getChange());
                }
                last = Long.parseLong(message.getId());
            }
        }
        return last;
    }

    /// Revisions of a document, by its history.
    private static List<Long> history(long id) {
        var revisions = new ArrayList<Long>();
        for (DocumentEvent _ : documents.history(id)) {
            revisions.add(revisions.size() + 1L);
        }
        return revisions;
    }

    @Test
    void isEndedByAnInstanceThatStops() throws Exception {
        var third = DocumentServer.start(service.config(), service.clock);
        var toThird = open(third);
        var watched = Watched.open(service.client(toThird).channel(), ALL);
        var place = watched.message().getId();
        var began = System.nanoTime();
        third.close();
        assertThatFailure(watched.failure()).fails(Code.UNAVAILABLE, "WATCH_ENDED");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
        toThird.shutdownNow();
        var id = documents.pending();
        try (var elsewhere = Watched.open(service.client().channel(), Watched.after(place))) {
            assertThat(elsewhere.next().getChange().getDocumentId()).isEqualTo(id);
        }
    }

    @Test
    void keepsChangesForAWhileAndSaysWhenTheyAreGone() throws Exception {
        String old;
        try (var watched = Watched.open(service.client().channel(), ALL)) {
            old = watched.message().getId();
            documents.pending();
            watched.next();
        }
        forget(Duration.ofHours(1));
        try (var kept = Watched.open(service.client().channel(), Watched.after(old))) {
            kept.next();
        }
        service.clock.advance(Duration.ofHours(2));
        documents.pending();
        forget(Duration.ofHours(1));
        assertThatFailure(Watched.open(service.client().channel(), Watched.after(old))
                        .failure())
                .fails(Code.OUT_OF_RANGE, "WATCH_POSITION_GONE");
        try (var resumed =
                Watched.open(service.client().channel(), Watched.after(Long.toString(Long.parseLong(old) + 1)))) {
            resumed.next();
        }
    }

    private static void forget(Duration kept) {
        try (var watches = new DocumentWatches(
                service.database,
                new DocumentLogStore(),
                () -> service.database.listen("none"),
                service.clock,
                new DocumentWatches.Limits(1, 1, kept))) {
            watches.forgetOld();
        }
    }
}
