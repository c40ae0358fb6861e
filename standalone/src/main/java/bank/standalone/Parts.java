package bank.standalone;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The running parts, closed in the reverse of the order they were started in, also in the middle of a start.
final class Parts {
    private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

    private record Part(String name, AutoCloseable running) {}

    /// The start has been called off.
    static final class StoppedException extends RuntimeException {
        StoppedException() {
            super("stopped while starting");
        }
    }

    private final Deque<Part> running = new ArrayDeque<>();
    private boolean closed;

    /// Takes charge of a part that has just been started.
    ///
    /// @throws StoppedException when everything is being stopped; the part is then closed at once
    <T extends AutoCloseable> T add(String name, T part) {
        synchronized (this) {
            if (!closed) {
                running.push(new Part(name, part));
                return part;
            }
        }
        close(new Part(name, part));
        throw new StoppedException();
    }

    /// Calls off a start that is under way: from now on a part that is added is closed at once.
    synchronized void callOff() {
        closed = true;
    }

    /// Closes every part; one that fails does not keep the others from closing.
    ///
    /// @return true if none failed
    synchronized boolean closeAll() {
        closed = true;
        var clean = true;
        while (!running.isEmpty()) {
            clean &= close(running.pop());
        }
        return clean;
    }

    private static boolean close(Part part) {
        try {
            part.running().close();
            LOG.info("{} stopped", part.name());
            return true;
        } catch (Exception e) {
            LOG.error("{} did not stop cleanly", part.name(), e);
            return false;
        }
    }
}
