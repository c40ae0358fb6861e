package bank.document;

import bank.v1.DocumentChange;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.WatchDocumentsRequest;
import bank.v1.WatchDocumentsResponse;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A running WatchDocuments, as its caller sees it.
final class Watched implements AutoCloseable {
    private final BlockingQueue<WatchDocumentsResponse> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private ClientCallStreamObserver<WatchDocumentsRequest> call;

    private Watched() {}

    /// Begins to watch, and takes what comes.
    static Watched open(Channel channel, WatchDocumentsRequest request) {
        return open(channel, request, Integer.MAX_VALUE);
    }

    /// Begins to watch, and takes a number of messages and then no more.
    static Watched open(Channel channel, WatchDocumentsRequest request, int taken) {
        var watched = new Watched();
        DocumentReviewServiceGrpc.newStub(channel)
                .watchDocuments(request, new ClientResponseObserver<WatchDocumentsRequest, WatchDocumentsResponse>() {
                    @Override
                    public void beforeStart(ClientCallStreamObserver<WatchDocumentsRequest> stream) {
                        watched.call = stream;
                        stream.disableAutoRequestWithInitial(taken);
                    }

                    @Override
                    public void onNext(WatchDocumentsResponse message) {
                        watched.messages.add(message);
                    }

                    @Override
                    public void onError(Throwable e) {
                        watched.failure.complete(e);
                    }

                    @Override
                    public void onCompleted() {
                        watched.failure.complete(new AssertionError("a watch does not end well"));
                    }
                });
        return watched;
    }

    /// A request that resumes after a message.
    static WatchDocumentsRequest after(String id) {
        return WatchDocumentsRequest.newBuilder().setAfter(id).build();
    }

    /// Takes more messages.
    void take(int more) {
        call.request(more);
    }

    /// The next message.
    WatchDocumentsResponse message() throws InterruptedException {
        var next = messages.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no message came", failure.getNow(null));
        }
        return next;
    }

    /// The next message; null once none comes any more.
    WatchDocumentsResponse poll() throws Exception {
        while (true) {
            var ended = failure.isDone();
            var next = messages.poll(20, TimeUnit.MILLISECONDS);
            if (next != null || ended) {
                return next;
            }
        }
    }

    /// It tells something, and is not refused.
    boolean began() throws Exception {
        return poll() != null;
    }

    /// The next message with a change.
    WatchDocumentsResponse next() throws InterruptedException {
        while (true) {
            var next = message();
            if (next.hasChange()) {
                return next;
            }
        }
    }

    /// The next changes.
    List<DocumentChange> changes(int count) throws InterruptedException {
        var changes = new ArrayList<DocumentChange>();
        while (changes.size() < count) {
            changes.add(next().getChange());
        }
        return changes;
    }

    /// How it ended.
    Throwable failure() throws Exception {
        return failure.get(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        call.cancel("enough", null);
    }
}
