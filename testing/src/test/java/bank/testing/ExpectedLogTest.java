package bank.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ExpectedLogTest {
    private final ExpectedLog log = new ExpectedLog(
            "WARN ExpectedLogTest broken on purpose: java.lang.IllegalStateException: by the",
            "WARNING ExpectedLogTest broken on purpose: java.lang");

    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final Appender<ILoggingEvent> console = root.getAppender("console");
    private final ListAppender<ILoggingEvent> shown = new ListAppender<>();

    private final java.util.logging.Logger julRoot = java.util.logging.Logger.getLogger("");
    private final List<Handler> julConsole = List.of(julRoot.getHandlers());
    private final List<String> julShown = new ArrayList<>();
    private final Handler julList = new Handler() {
        @Override
        public void publish(LogRecord event) {
            if (isLoggable(event)) {
                julShown.add(event.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void showElsewhere() {
        root.detachAppender(console);
        shown.start();
        root.addAppender(shown);
        julConsole.forEach(julRoot::removeHandler);
        julRoot.addHandler(julList);
    }

    @AfterEach
    void showOnTheConsoleAgain() {
        root.detachAppender(shown);
        root.addAppender(console);
        julRoot.removeHandler(julList);
        julConsole.forEach(julRoot::addHandler);
    }

    @Test
    void keepsWhatIsExpectedAndShowsTheRest() {
        log.beforeAll(null);
        log.beforeEach(null);
        var slf4j = LoggerFactory.getLogger(ExpectedLogTest.class);
        var jul = java.util.logging.Logger.getLogger(ExpectedLogTest.class.getName());
        var cause = new IllegalStateException("by the test");
        slf4j.warn("broken {} purpose", "on", cause);
        slf4j.error("broken on purpose", cause);
        slf4j.warn("broken on purpose", new IllegalStateException("by a bug"));
        jul.log(Level.WARNING, "broken on purpose", cause);
        jul.log(Level.WARNING, "broken by a bug", cause);

        assertThat(log.lines())
                .containsExactly(
                        "WARN ExpectedLogTest broken on purpose: java.lang.IllegalStateException: by the test",
                        "WARNING ExpectedLogTest broken on purpose: java.lang.IllegalStateException: by the test");
        assertThat(shown.list).hasSize(2);
        assertThat(julShown).containsExactly("broken by a bug");

        log.beforeEach(null);
        assertThat(log.lines()).isEmpty();
        log.afterAll(null);
        slf4j.warn("broken on purpose", cause);
        jul.log(Level.WARNING, "broken on purpose", cause);
        assertThat(log.lines()).isEmpty();
        assertThat(shown.list).hasSize(3);
        assertThat(julShown).hasSize(2);
    }
}
