package bank.registry.model;

import java.time.Instant;

/// A time with a doctor that can be booked.
///
/// @param id number, above zero
/// @param endsAt after `startsAt`
public record Slot(long id, String doctor, String practice, Instant startsAt, Instant endsAt) {
    /// It can still be booked, and its appointment cancelled.
    public boolean ahead(Instant now) {
        return startsAt.isAfter(now);
    }
}
