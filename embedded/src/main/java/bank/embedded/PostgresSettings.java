package bank.embedded;

import java.nio.file.Path;
import java.time.Duration;

/// How an [EmbeddedPostgresServer] runs.
///
/// @param directory everything the server keeps: data, password, log
/// @param binariesDirectory where the unpacked programs are kept; may be shared by several servers
/// @param durable true keeps every committed transaction through a power cut (fsync and synchronous commit); false
///     is for tests only, where speed counts and the data does not
/// @param connectionsMax most connections at once, 1 to 1000
/// @param startTimeout longest wait for the server to accept connections; crash recovery counts
public record PostgresSettings(
        Path directory, Path binariesDirectory, boolean durable, int connectionsMax, Duration startTimeout) {
    private static final int CONNECTIONS_MAX = 200;
    private static final Duration START_TIMEOUT = Duration.ofMinutes(1);

    /// Checks the ranges.
    ///
    /// @throws IllegalArgumentException naming the setting out of range
    public PostgresSettings {
        if (connectionsMax < 1 || connectionsMax > 1000) {
            throw new IllegalArgumentException("connectionsMax must be 1 to 1000, is " + connectionsMax);
        }
        if (!startTimeout.isPositive()) {
            throw new IllegalArgumentException("startTimeout must be positive, is " + startTimeout);
        }
        directory = directory.toAbsolutePath().normalize();
        binariesDirectory = binariesDirectory.toAbsolutePath().normalize();
    }

    /// Settings for data that matters: durable, programs kept below the same directory.
    ///
    /// @param directory everything the server keeps
    /// @return settings with 200 connections and 60 seconds to start
    public static PostgresSettings durable(Path directory) {
        return new PostgresSettings(directory, directory.resolve("programs"), true, CONNECTIONS_MAX, START_TIMEOUT);
    }

    /// Settings for tests: fast, and a crash of the machine may lose or damage the data.
    ///
    /// @param directory everything the server keeps
    /// @param binariesDirectory where the unpacked programs are kept between runs
    /// @return settings with 200 connections and 60 seconds to start
    public static PostgresSettings volatileForTests(Path directory, Path binariesDirectory) {
        return new PostgresSettings(directory, binariesDirectory, false, CONNECTIONS_MAX, START_TIMEOUT);
    }
}
