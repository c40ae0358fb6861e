package bank.document.domain;

import bank.document.content.ReceivedContent;
import bank.document.content.Reception;
import bank.document.content.Recognition;
import bank.document.content.Spool;
import bank.document.content.VirusScanner;
import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.FileName;
import bank.document.model.PromisedDigests;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Takes files in: so many at once, each no larger than allowed and in no more than a time, and of a kind
/// that documents have.
public final class Uploads {
    private final Spool spool;
    private final Recognition recognition;
    private final VirusScanner scanner;
    private final Clock clock;
    private final Duration timeMax;
    private final Semaphore places;
    private final Set<Incoming> open = ConcurrentHashMap.newKeySet();

    /// @param timeMax longest time from the first to the last byte
    /// @param atOnceMax most files received at once
    public Uploads(
            Spool spool, Recognition recognition, VirusScanner scanner, Clock clock, Duration timeMax, int atOnceMax) {
        this.spool = spool;
        this.recognition = recognition;
        this.scanner = scanner;
        this.clock = clock;
        this.timeMax = timeMax;
        this.places = new Semaphore(atOnceMax);
    }

    /// Begins to receive a file. When every place is taken, those who have overrun their time lose theirs.
    ///
    /// @throws DocumentException UNAVAILABLE, reason TOO_MANY_UPLOADS
    public Incoming receive(long bytesMax, PromisedDigests promised) {
        if (!places.tryAcquire()) {
            open.forEach(Incoming::closeIfOverdue);
            if (!places.tryAcquire()) {
                throw new DocumentException(new DocumentFailure.TooManyUploads());
            }
        }
        var incoming =
                new Incoming(spool.receive(bytesMax, promised), clock.instant().plus(timeMax));
        open.add(incoming);
        return incoming;
    }

    /// Tells what a file is, and that it is whole and clean.
    ///
    /// @throws DocumentException INVALID_ARGUMENT, reason MEDIA_TYPE or CONTENT_INFECTED; UNAVAILABLE,
    ///     reason SCANNER_UNAVAILABLE
    public CheckedFile check(FileName name, ReceivedContent content) {
        var type = recognition.recognise(content);
        scanner.scan(content);
        return new CheckedFile(name, type, content);
    }

    /// A file that is being received. Closing it gives its place and its bytes free.
    public final class Incoming implements AutoCloseable {
        private final ReentrantLock lock = new ReentrantLock();
        private final Reception reception;
        private final Instant end;
        private @Nullable ReceivedContent content;
        private boolean closed;

        private Incoming(Reception reception, Instant end) {
            this.reception = reception;
            this.end = end;
        }

        /// Takes the next bytes.
        ///
        /// @throws DocumentException RESOURCE_EXHAUSTED, reason CONTENT_TOO_LARGE; DEADLINE_EXCEEDED,
        ///     reason UPLOAD_TOO_SLOW
        public void write(ByteBuffer chunk) {
            lock.lock();
            try {
                requireTime();
                reception.write(chunk);
            } finally {
                lock.unlock();
            }
        }

        /// Ends the file; its content is good until this is closed.
        ///
        /// @throws DocumentException INVALID_ARGUMENT, reason EMPTY_FILE or DIGEST_MISMATCH;
        ///     DEADLINE_EXCEEDED, reason UPLOAD_TOO_SLOW
        public ReceivedContent finish() {
            lock.lock();
            try {
                requireTime();
                var finished = reception.finish();
                content = finished;
                return finished;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (!closed) {
                    closed = true;
                    free();
                }
            } finally {
                lock.unlock();
            }
        }

        private void closeIfOverdue() {
            lock.lock();
            try {
                if (content == null && clock.instant().isAfter(end)) {
                    close();
                }
            } finally {
                lock.unlock();
            }
        }

        private void requireTime() {
            if (closed || clock.instant().isAfter(end)) {
                throw new DocumentException(new DocumentFailure.UploadTooSlow(timeMax));
            }
        }

        private void free() {
            open.remove(this);
            try {
                reception.close();
                if (content != null) {
                    content.close();
                }
            } finally {
                places.release();
            }
        }
    }
}
