package bank.registry.domain;

import bank.platform.auth.Principal;
import bank.platform.db.Database;
import bank.registry.model.Slot;
import bank.registry.model.SlotPosition;
import bank.registry.store.SlotStore;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Times with doctors that can be booked.
public final class Slots {
    /// Later than any slot.
    private static final Instant END = Instant.parse("9999-12-31T00:00:00Z");

    private final Database database;
    private final SlotStore store;
    private final Patients patients;
    private final Clock clock;

    public Slots(Database database, SlotStore store, Patients patients, Clock clock) {
        this.database = database;
        this.store = store;
        this.patients = patients;
        this.clock = clock;
    }

    /// Slots that are free and begin in the future, the earliest first.
    ///
    /// @param from first day, or null
    /// @param to last day, or null
    /// @param after only those behind this place, or null
    /// @throws bank.registry.model.RegistryException NotVerified
    public List<Slot> listFree(
            Principal caller,
            @Nullable LocalDate from,
            @Nullable LocalDate to,
            @Nullable SlotPosition after,
            int rowsMax) {
        if (!OwnRecords.staff(caller)) {
            patients.requireOwn(caller);
        }
        var place = SlotPosition.behind(clock.instant());
        if (from != null) {
            place = place.orLater(SlotPosition.before(start(from)));
        }
        if (after != null) {
            place = place.orLater(after);
        }
        var begin = place;
        var end = to == null ? END : start(to.plusDays(1));
        return database.read(session -> store.listFree(session, begin, end, rowsMax));
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
