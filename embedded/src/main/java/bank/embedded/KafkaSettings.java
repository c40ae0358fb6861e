package bank.embedded;

import java.nio.file.Path;

/// How an [EmbeddedKafkaServer] runs.
///
/// @param directory everything the server keeps
/// @param port TCP port on 127.0.0.1; 0 takes the one of the last start on the directory, or any other when it is taken
/// @param durable true brings every message to the disk before it is acknowledged, so that it outlives a power cut;
/// false
///     leaves that to the operating system, which a killed process does not harm
public record KafkaSettings(Path directory, int port, boolean durable) {
    private static final int PORT_MAX = 65_535;

    /// Checks the ranges.
    ///
    /// @throws IllegalArgumentException naming the setting out of range
    public KafkaSettings {
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException("port must be 0 to 65535, is " + port);
        }
        directory = directory.toAbsolutePath().normalize();
    }

    /// Settings for data that matters.
    ///
    /// @param directory everything the server keeps
    public static KafkaSettings durable(Path directory) {
        return new KafkaSettings(directory, 0, true);
    }

    /// Settings for tests: fast, and a crash of the machine may lose messages.
    ///
    /// @param directory everything the server keeps
    public static KafkaSettings volatileForTests(Path directory) {
        return new KafkaSettings(directory, 0, false);
    }
}
