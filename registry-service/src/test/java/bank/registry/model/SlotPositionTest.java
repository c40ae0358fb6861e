package bank.registry.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class SlotPositionTest {
    private static final Instant NINE = Instant.parse("2026-12-01T09:00:00Z");

    @Test
    void readsWhatItPrints() {
        var position = new SlotPosition(NINE, 17);

        assertThat(SlotPosition.parse(position.toString())).isEqualTo(position);
    }

    @Test
    void isOrderedByTimeAndThenByNumber() {
        var before = SlotPosition.before(NINE);
        var behind = SlotPosition.behind(NINE);

        assertThat(before).isLessThan(new SlotPosition(NINE, 1));
        assertThat(behind).isGreaterThan(new SlotPosition(NINE, 1)).isLessThan(SlotPosition.before(NINE.plusMillis(1)));
        assertThat(before.orLater(behind)).isEqualTo(behind);
        assertThat(behind.orLater(before)).isEqualTo(behind);
    }
}
