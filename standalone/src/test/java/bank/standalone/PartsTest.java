package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.testing.ExpectedLog;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PartsTest {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog(
            "ERROR Parts failing did not stop cleanly: java.lang.IllegalStateException: expected in this test");

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
        assertThat(log.lines()).hasSize(1);
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
