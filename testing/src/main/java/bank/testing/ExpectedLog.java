package bank.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/// Warnings and errors that the tests of a class provoke: kept for the tests to look at, and off the console, where
/// everything else that is logged still goes.
///
/// ```java
/// @RegisterExtension
/// static final ExpectedLog log = new ExpectedLog("ERROR Parts failing did not stop cleanly");
/// ```
///
/// A line is the level, the simple name of the logger, the message and what was thrown, such as `ERROR Parts failing
/// did not stop cleanly: java.lang.IllegalStateException: expected`; it is expected when it contains one of the given
/// texts. Both SLF4J and java.util.logging are listened to.
public final class ExpectedLog implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    private final List<String> texts;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final List<Appender<ILoggingEvent>> appenders = new ArrayList<>();
    private final Sieve sieve = new Sieve();
    private final List<Filtered> handlers = new ArrayList<>();

    /// A handler of java.util.logging and the filter it had.
    private record Filtered(Handler handler, @Nullable Filter before) {}

    /// @param texts parts of the expected lines
    public ExpectedLog(String... texts) {
        this.texts = List.of(texts);
    }

    /// What a gRPC server may say, sooner or later, when its caller leaves an answer unread.
    public static ExpectedLog ofAnswersLeftUnread() {
        return new ExpectedLog("WARNING NettyServerHandler Stream Error: io.netty.handler.codec.http2"
                + ".Http2Exception$StreamException: Stream closed before write could take place");
    }

    /// The expected lines logged since the running test began.
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        root.iteratorForAppenders().forEachRemaining(appenders::add);
        appenders.forEach(root::detachAppender);
        sieve.setContext(root.getLoggerContext());
        sieve.start();
        root.addAppender(sieve);
        for (var handler : java.util.logging.Logger.getLogger("").getHandlers()) {
            var before = handler.getFilter();
            handlers.add(new Filtered(handler, before));
            handler.setFilter(event -> !takes(line(event)) && (before == null || before.isLoggable(event)));
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        lines.clear();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        root.detachAppender(sieve);
        appenders.forEach(root::addAppender);
        appenders.clear();
        handlers.forEach(filtered -> filtered.handler().setFilter(filtered.before()));
        handlers.clear();
    }

    private boolean takes(String line) {
        var expected = texts.stream().anyMatch(line::contains);
        if (expected) {
            lines.add(line);
        }
        return expected;
    }

    private static String line(ILoggingEvent event) {
        var thrown = event.getThrowableProxy();
        return line(
                event.getLevel().toString(),
                event.getLoggerName(),
                event.getFormattedMessage(),
                thrown == null ? "" : ": " + thrown.getClassName() + ": " + thrown.getMessage());
    }

    private static String line(LogRecord event) {
        return line(
                event.getLevel().getName(),
                String.valueOf(event.getLoggerName()),
                String.valueOf(event.getMessage()),
                event.getThrown() == null ? "" : ": " + event.getThrown());
    }

    private static String line(String level, String logger, String message, String thrown) {
        return level + " " + logger.substring(logger.lastIndexOf('.') + 1) + " " + message + thrown;
    }

    /// Lets through what is not expected.
    private final class Sieve extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            if (!takes(line(event))) {
                appenders.forEach(appender -> appender.doAppend(event));
            }
        }
    }
}
