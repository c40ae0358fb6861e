package bank.platform.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens to a channel (NOTIFY) on a connection of its own, which is made anew when it is lost. For one thread.
public final class Notifications implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Notifications.class);
    // So soon an interrupt is seen: the driver waits for its socket alone.
    private static final Duration STEP = Duration.ofMillis(200);

    private final Callable<Connection> connecting;
    private final String channel;
    private @Nullable Connection connection;

    Notifications(Callable<Connection> connecting, String channel) {
        this.connecting = connecting;
        this.channel = channel;
    }

    /// Waits for a notification, or for something that may have hidden one.
    ///
    /// @param max longest wait
    public void await(Duration max) throws InterruptedException {
        var end = System.nanoTime() + max.toNanos();
        try {
            var listening = connection;
            if (listening == null) {
                connection = listen();
                return;
            }
            var driver = listening.unwrap(PGConnection.class);
            for (var left = max; left.isPositive(); left = Duration.ofNanos(end - System.nanoTime())) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("while listening to " + channel);
                }
                var step = left.compareTo(STEP) < 0 ? left : STEP;
                var heard = driver.getNotifications((int) Math.max(1, step.toMillis()));
                if (heard != null && heard.length > 0) {
                    return;
                }
            }
        } catch (SQLException e) {
            log.debug("cannot listen to {}", channel, e);
            close();
            var left = Duration.ofNanos(end - System.nanoTime());
            if (left.isPositive()) {
                Thread.sleep(left);
            }
        }
    }

    private Connection listen() throws SQLException {
        try {
            var made = connecting.call();
            try (var statement = made.createStatement()) {
                statement.execute("LISTEN " + channel);
                return made;
            } catch (SQLException e) {
                made.close();
                throw e;
            }
        } catch (SQLException e) {
            throw e;
        } catch (Exception e) {
            throw new SQLException(e);
        }
    }

    @Override
    public void close() {
        var listening = connection;
        connection = null;
        if (listening != null) {
            try {
                listening.close();
            } catch (SQLException e) {
                log.debug("cannot close", e);
            }
        }
    }
}
