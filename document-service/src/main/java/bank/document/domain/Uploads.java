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
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Takes files in: so many at once, each no larger than allowed and in no more than a time, and of a kind
/// that documents have.
public final class Uploads {
    private final Spool spool;
    private final Recognition recognition;
    private final VirusScanner scanner;
    private final Clock clock;
    private final Limits limits;
    private final ReentrantLock entry = new ReentrantLock();
    private final Set<Incoming> open = ConcurrentHashMap.newKeySet();

    /// Limits of what is received.
    ///
    /// @param timeMax longest time from the first to the last byte
    /// @param silenceMax longest time without a byte
    /// @param atOnceMax most files received at once
    /// @param callerAtOnceMax most of them from one caller
    public record Limits(Duration timeMax, Duration silenceMax, int atOnceMax, int callerAtOnceMax) {}

    public Uploads(Spool spool, Recognition recognition, VirusScanner scanner, Clock clock, Limits limits) {
        this.spool = spool;
        this.recognition = recognition;
        this.scanner = scanner;
        this.clock = clock;
        this.limits = limits;
    }

    /// Begins to receive a file. When places are short, those who have overrun their time or fallen silent
    /// lose theirs.
    ///
    /// @param caller name of the caller, who has a share of the places and no more
    /// @throws DocumentException UNAVAILABLE, reason TOO_MANY_UPLOADS; RESOURCE_EXHAUSTED, reason
    ///     CALLER_UPLOADS_EXCEEDED
    public Incoming receive(String caller, long bytesMax, PromisedDigests promised) {
        entry.lock();
        try {
            if (isFull() || hasShare(caller)) {
                open.forEach(Incoming::closeIfStalled);
            }
            if (isFull()) {
                throw new DocumentException(new DocumentFailure.TooManyUploads());
            }
            if (hasShare(caller)) {
                throw new DocumentException(new DocumentFailure.TooManyUploadsOfCaller(limits.callerAtOnceMax()));
            }
            var incoming = new Incoming(caller, spool.receive(bytesMax, promised), clock.instant());
            open.add(incoming);
            return incoming;
        } finally {
            entry.unlock();
        }
    }

    private boolean isFull() {
        return open.size() >= limits.atOnceMax();
    }

    private boolean hasShare(String caller) {
        return open.stream().filter(incoming -> incoming.caller.equals(caller)).count() >= limits.callerAtOnceMax();
    }

    /// Tells what a file is, and that it is whole and clean.
    ///
    /// @param name the name its sender gave; null when he gave none
    /// @throws DocumentException INVALID_ARGUMENT, reason MEDIA_TYPE or CONTENT_INFECTED; UNAVAILABLE,
    ///     reason SCANNER_UNAVAILABLE
    public CheckedFile check(@Nullable FileName name, ReceivedContent content) {
        var type = recognition.recognise(content);
        scanner.scan(content);
        return new CheckedFile(name, type, content);
    }

    /// A file that is being received. Closing it gives its place and its bytes free.
    public final class Incoming implements AutoCloseable {
        private final ReentrantLock lock = new ReentrantLock();
        private final String caller;
        private final Reception reception;
        private final Instant end;
        private Instant silentSince;
        private @Nullable ReceivedContent content;
        private boolean closed;

        private Incoming(String caller, Reception reception, Instant now) {
            this.caller = caller;
            this.reception = reception;
            this.end = now.plus(limits.timeMax());
            this.silentSince = now;
        }

        /// Takes the next bytes.
        ///
        /// @throws DocumentException RESOURCE_EXHAUSTED, reason CONTENT_TOO_LARGE; DEADLINE_EXCEEDED,
        ///     reason UPLOAD_TOO_SLOW
        public void write(ByteBuffer chunk) {
            lock.lock();
            try {
                requireTime();
                silentSince = clock.instant();
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

        private void closeIfStalled() {
            if (!lock.tryLock()) {
                // Bytes are being written.
                return;
            }
            try {
                var now = clock.instant();
                var stalled = now.isAfter(end) || now.isAfter(silentSince.plus(limits.silenceMax()));
                if (content == null && stalled) {
                    close();
                }
            } finally {
                lock.unlock();
            }
        }

        private void requireTime() {
            if (closed || clock.instant().isAfter(end)) {
                throw new DocumentException(new DocumentFailure.UploadTooSlow(limits.timeMax(), limits.silenceMax()));
            }
        }

        private void free() {
            try {
                reception.close();
                if (content != null) {
                    content.close();
                }
            } finally {
                open.remove(this);
            }
        }
    }
}
