package bank.registry.model;

import java.time.Instant;
import java.util.UUID;

/// A notice of death.
///
/// @param reference names it in events
/// @param nin the person's National Insurance number
/// @param version counts what was said of the person, from 1
public record DeathNotice(UUID reference, String nin, long version, DeathState state, Instant reportedAt) {}
