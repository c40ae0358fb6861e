package bank.registry.domain;

import bank.platform.db.Database;
import bank.registry.model.Slot;
import bank.registry.store.SlotStore;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Keeps the diaries of the sandbox's doctors filled for two weeks from now: half hours from 9 to 17 o'clock (UTC),
/// Monday to Friday.
public final class SandboxDiary {
    private static final int DAYS = 14;
    private static final LocalTime FIRST = LocalTime.of(9, 0);
    private static final LocalTime LAST = LocalTime.of(16, 30);
    private static final Duration LENGTH = Duration.ofMinutes(30);
    private static final Duration UNBOOKED_KEPT = Duration.ofDays(7);
    private static final int ROWS_MAX = 1_000;

    /// Practices by their doctors.
    private static final Map<String, String> DOCTORS = new TreeMap<>(Map.of(
            "Dr Amelia Shah", "Riverside Surgery",
            "Dr Ewan Campbell", "Riverside Surgery",
            "Dr Nneka Obi", "Oak Lane Practice",
            "Dr Marek Nowak", "Harbour Medical Centre"));

    private final Database database;
    private final SlotStore store;
    private final Clock clock;

    public SandboxDiary(Database database, SlotStore store, Clock clock) {
        this.database = database;
        this.store = store;
        this.clock = clock;
    }

    /// Adds the slots that are missing, and removes those nobody booked a week after they have passed.
    public void fill() {
        var now = clock.instant();
        var slots = slots(now.atOffset(ZoneOffset.UTC).toLocalDate());
        database.inTransaction(tx -> {
            store.add(tx, slots);
            return tx;
        });
        int removed;
        do {
            removed = database.inTransaction(tx -> store.remove(tx, now.minus(UNBOOKED_KEPT), ROWS_MAX));
        } while (removed == ROWS_MAX);
    }

    /// The slots of the days from one on.
    static List<Slot> slots(LocalDate today) {
        var slots = new ArrayList<Slot>();
        for (var day = today; day.isBefore(today.plusDays(DAYS)); day = day.plusDays(1)) {
            if (day.getDayOfWeek() != DayOfWeek.SATURDAY && day.getDayOfWeek() != DayOfWeek.SUNDAY) {
                for (var time = FIRST; !time.isAfter(LAST); time = time.plus(LENGTH)) {
                    var start = day.atTime(time).toInstant(ZoneOffset.UTC);
                    DOCTORS.forEach((doctor, practice) -> slots.add(slot(doctor, practice, start)));
                }
            }
        }
        return slots;
    }

    private static Slot slot(String doctor, String practice, Instant start) {
        return new Slot(0, doctor, practice, start, start.plus(LENGTH));
    }
}
