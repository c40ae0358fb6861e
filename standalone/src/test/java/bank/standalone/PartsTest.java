package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartsTest {
    private final Parts parts = new Parts();
    private final List<String> closed = new ArrayList<>();

    @Test
    void closesInReverseOrderOnce() {
        parts.add("first", () -> closed.add("first"));
        parts.add("second", () -> closed.add("second"));
        assertThat(parts.closeAll()).isTrue();
        assertThat(parts.closeAll()).isTrue();
        assertThat(closed).containsExactly("second", "first");
    }

    @Test
    void closesTheOthersWhenOneFails() {
        parts.add("first", () -> closed.add("first"));
        parts.add("failing", () -> {
            throw new IllegalStateException("expected in this test");
        });
        assertThat(parts.closeAll()).isFalse();
        assertThat(closed).containsExactly("first");
    }

    @Test
    void closesAPartThatStartsAfterTheStopAtOnce() {
        parts.callOff();
        assertThatThrownBy(() -> parts.add("late", () -> closed.add("late")))
                .isInstanceOf(Parts.StoppedException.class);
        assertThat(closed).containsExactly("late");
    }
}
