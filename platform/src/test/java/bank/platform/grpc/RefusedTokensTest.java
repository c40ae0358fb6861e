package bank.platform.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.auth.TokenFault;
import bank.platform.failure.Failure;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RefusedTokensTest {
    private static final String RPC = "bank.v1.ContractService/GetContract";

    private final AtomicLong nanos = new AtomicLong();
    private final RefusedTokens refused = new RefusedTokens(nanos::get);
    private final Logger logger = (Logger) LoggerFactory.getLogger(RefusedTokens.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(lines);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(lines);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    private List<String> told() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void tellsEachCauseOnceInTenSecondsAndHowManyItStandsFor() {
        for (var i = 0; i < 5; i++) {
            refused.note(TokenFault.AUDIENCE.failure(), RPC);
        }
        refused.note(TokenFault.KID_UNKNOWN.failure(), RPC);
        nanos.set(Duration.ofSeconds(10).toNanos() - 1);
        refused.note(TokenFault.AUDIENCE.failure(), RPC);
        assertThat(told())
                .containsExactly(RPC + ": token refused, cause=audience", RPC + ": token refused, cause=kid_unknown");

        nanos.incrementAndGet();
        refused.note(TokenFault.AUDIENCE.failure(), RPC);
        assertThat(told()).last().isEqualTo(RPC + ": token refused, cause=audience, and 5 more before it");
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        refused.note(TokenFault.AUDIENCE.failure(), RPC);
        assertThat(told()).last().isEqualTo(RPC + ": token refused, cause=audience");
    }

    @Test
    void tellsNothingOfRefusalsWhoseReasonSaysItAll() {
        refused.note(Failure.of(Code.UNAUTHENTICATED, "TOKEN_EXPIRED", "the access token has expired"), RPC);

        assertThat(told()).isEmpty();
    }
}
