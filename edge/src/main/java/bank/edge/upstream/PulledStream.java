package bank.edge.upstream;

import bank.platform.failure.FailureException;
import com.linecorp.armeria.common.stream.StreamMessage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/// A stream of messages turned into one to pull from, a few elements ahead: the reader's pace is the sender's.
///
/// @param <T> type of the elements
public final class PulledStream<T> {
    private static final int AHEAD = 4;

    private sealed interface Event<T> {
        record Element<T>(T value) implements Event<T> {}

        record End<T>() implements Event<T> {}

        record Broken<T>(Throwable cause) implements Event<T> {}
    }

    private final BlockingQueue<Event<T>> events = new LinkedBlockingQueue<>();
    private volatile @Nullable Subscription subscription;
    private @Nullable Event<T> held;
    private boolean ended;

    /// Subscribes to the stream.
    public PulledStream(StreamMessage<? extends T> stream) {
        stream.subscribe(new Receiver());
    }

    /// Waits for the next element; null when the stream has ended.
    ///
    /// @throws IOException when the stream broke off, with the cause
    public @Nullable T next() throws IOException {
        if (ended) {
            return null;
        }
        try {
            Event<T> event = held == null ? events.take() : held;
            held = null;
            return switch (event) {
                case Event.Element<T>(T value) -> {
                    Subscription more = subscription;
                    if (more != null) {
                        more.request(1);
                    }
                    yield value;
                }
                case Event.End<T> _ -> {
                    ended = true;
                    yield null;
                }
                case Event.Broken<T>(FailureException known) -> throw known;
                case Event.Broken<T>(Throwable cause) -> throw new IOException("the stream broke off", cause);
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /// Waits until [#next()] would not have to; false when nothing came in time.
    ///
    /// @param wait longest wait; zero asks what is there
    /// @throws InterruptedIOException when the thread is interrupted
    public boolean arrived(Duration wait) throws InterruptedIOException {
        try {
            if (held == null && !ended) {
                held = events.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
            }
            return held != null || ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException().initCause(e);
        }
    }

    private final class Receiver implements Subscriber<T> {
        @Override
        public void onSubscribe(Subscription s) {
            subscription = s;
            s.request(AHEAD);
        }

        @Override
        public void onNext(T value) {
            events.add(new Event.Element<>(value));
        }

        @Override
        public void onError(Throwable cause) {
            events.add(new Event.Broken<>(cause));
        }

        @Override
        public void onComplete() {
            events.add(new Event.End<>());
        }
    }
}
