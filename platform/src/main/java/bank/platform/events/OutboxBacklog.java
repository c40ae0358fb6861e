package bank.platform.events;

import java.time.Duration;

/// How much waits to be published.
///
/// @param depth events
/// @param age time since the oldest of them was written
public record OutboxBacklog(long depth, Duration age) {}
