package bank.identity.store;

import bank.identity.model.AuditType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Which audit events are wanted; null where any are.
///
/// @param subject whom or what they happened to
/// @param actor who did them
/// @param from not before
/// @param to not after
public record AuditFilter(
        @Nullable String subject,
        @Nullable String actor,
        @Nullable AuditType type,
        @Nullable Instant from,
        @Nullable Instant to) {}
