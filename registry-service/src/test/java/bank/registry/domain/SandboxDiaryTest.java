package bank.registry.domain;

import static org.assertj.core.api.Assertions.assertThat;

import bank.registry.model.Slot;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SandboxDiaryTest {
    private static final LocalDate MONDAY = LocalDate.of(2026, 11, 30);

    @Test
    void hasHalfHoursOfFourDoctorsOnTheTenWorkingDaysOfTwoWeeks() {
        var slots = SandboxDiary.slots(MONDAY);

        assertThat(slots).hasSize(10 * 16 * 4);
        assertThat(slots.stream().map(Slot::doctor).distinct()).hasSize(4);
        assertThat(slots.stream().map(SandboxDiaryTest::day).distinct()).hasSize(10).doesNotContain(MONDAY.plusDays(14));
        assertThat(slots).allSatisfy(slot -> {
            assertThat(day(slot).getDayOfWeek()).isLessThan(DayOfWeek.SATURDAY);
            assertThat(slot.startsAt().atOffset(ZoneOffset.UTC).toLocalTime())
                    .isBetween(LocalTime.of(9, 0), LocalTime.of(16, 30));
            assertThat(slot.endsAt()).isEqualTo(slot.startsAt().plusSeconds(1800));
        });
    }

    private static LocalDate day(Slot slot) {
        return LocalDate.ofInstant(slot.startsAt(), ZoneOffset.UTC);
    }
}
