package bank.registry.model;

import java.time.Instant;
import java.util.Comparator;

/// A place in the list of slots, which are in the order of their beginnings.
///
/// @param id tells apart those that begin at the same time
public record SlotPosition(Instant startsAt, long id) implements Comparable<SlotPosition> {
    private static final Comparator<SlotPosition> ORDER =
            Comparator.comparing(SlotPosition::startsAt).thenComparingLong(SlotPosition::id);

    /// Place before all slots that begin at a moment or later.
    public static SlotPosition before(Instant moment) {
        return new SlotPosition(moment, 0);
    }

    /// Place behind all slots that begin at a moment or earlier.
    public static SlotPosition behind(Instant moment) {
        return new SlotPosition(moment, Long.MAX_VALUE);
    }

    /// Place just behind a slot.
    public static SlotPosition of(Slot slot) {
        return new SlotPosition(slot.startsAt(), slot.id());
    }

    /// Reads what `toString` gave.
    public static SlotPosition parse(String text) {
        var at = text.indexOf(' ');
        return new SlotPosition(Instant.parse(text.substring(0, at)), Long.parseLong(text.substring(at + 1)));
    }

    /// The later one of two.
    public SlotPosition orLater(SlotPosition other) {
        return compareTo(other) >= 0 ? this : other;
    }

    @Override
    public int compareTo(SlotPosition other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return startsAt + " " + id;
    }
}
