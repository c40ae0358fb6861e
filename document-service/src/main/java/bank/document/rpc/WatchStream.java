package bank.document.rpc;

import bank.document.domain.DocumentWatches;
import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.platform.failure.FailureTranslator;
import bank.platform.grpc.Call;
import bank.platform.grpc.FailureInterceptor;
import bank.platform.telemetry.LoggedRequest;
import bank.v1.WatchDocumentsResponse;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// One running WatchDocuments, on a thread of its own: sends what happens as the caller takes it.
public final class WatchStream {
    private final DocumentWatches.Watch watch;
    private final Parts parts;
    private final ServerCallStreamObserver<WatchDocumentsResponse> answer;
    private final Semaphore ready = new Semaphore(0);

    /// What watching works with.
    ///
    /// @param translator tells a failure that ends a stream
    /// @param heartbeat silence after which a stream says that there is nothing to say
    /// @param stallMax longest wait for a caller to take a message
    public record Parts(DocumentWatches watches, FailureTranslator translator, Duration heartbeat, Duration stallMax) {}

    private WatchStream(
            DocumentWatches.Watch watch, Parts parts, ServerCallStreamObserver<WatchDocumentsResponse> answer) {
        this.watch = watch;
        this.parts = parts;
        this.answer = answer;
    }

    /// Begins to send; closes the watch when the call ends.
    static void start(
            DocumentWatches.Watch watch, Parts parts, ServerCallStreamObserver<WatchDocumentsResponse> answer) {
        var stream = new WatchStream(watch, parts, answer);
        answer.setOnReadyHandler(stream.ready::release);
        answer.setOnCancelHandler(stream::leave);
        Thread.ofVirtual()
                .name("watch")
                .start(LoggedRequest.of(
                        Call.current().requestId(), Context.current().wrap(stream::run)));
    }

    private void leave() {
        watch.close();
        ready.release();
    }

    private void run() {
        try (watch) {
            send(DocumentProtos.nothingHappened(watch.position()));
            while (!answer.isCancelled()) {
                var changes = watch.next(parts.heartbeat());
                for (var change : changes) {
                    send(DocumentProtos.happened(change));
                }
                if (changes.isEmpty()) {
                    send(DocumentProtos.nothingHappened(watch.position()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (!answer.isCancelled()) {
                answer.onError(FailureInterceptor.status(e, parts.translator()));
            }
        }
    }

    /// Sends a message once the caller has room for it. To one who is gone nothing is sent.
    private void send(WatchDocumentsResponse message) throws InterruptedException {
        var until = System.nanoTime() + parts.stallMax().toNanos();
        while (!answer.isReady() && !answer.isCancelled()) {
            if (!ready.tryAcquire(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new DocumentException(new DocumentFailure.WatcherTooSlow());
            }
        }
        if (!answer.isCancelled()) {
            answer.onNext(message);
        }
    }
}
