package bank.platform.auth;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import bank.platform.grpc.Channels;
import bank.testing.TestClock;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServiceTokenIT {
    private final TestClock clock = new TestClock();
    private TestOAuth identity;
    private ManagedChannel channel;
    private ServiceToken token;

    @BeforeEach
    void start() {
        identity = new TestOAuth(clock);
        channel = Channels.open(identity.address());
        token = new ServiceToken(channel, "test-service", "secret", clock);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        identity.close();
    }

    @Test
    void oneTokenServesAllUntilAMinuteBeforeItsEnd() {
        var first = token.get();
        clock.advance(Duration.ofSeconds(539));
        assertThat(token.get()).isEqualTo(first);

        clock.advance(Duration.ofSeconds(1));
        assertThat(token.get()).isNotEqualTo(first);
        assertThat(identity.tokensGiven).hasValue(2);
    }

    @Test
    void manyAtOnceAskOnce() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<String>>();
            for (var i = 0; i < 50; i++) {
                running.add(threads.submit(token::get));
            }
            for (var future : running) {
                assertThat(future.get()).isEqualTo(token.get());
            }
        }
        assertThat(identity.tokensGiven).hasValue(1);
    }

    @Test
    void refusedOneIsRenewedOnceForAll() {
        var first = token.get();
        token.forget("another");
        assertThat(token.get()).isEqualTo(first);

        clock.advance(Duration.ofSeconds(1));
        token.forget(first);
        var second = token.get();
        token.forget(first);
        assertThat(second).isNotEqualTo(first).isEqualTo(token.get());
        assertThat(identity.tokensGiven).hasValue(2);
    }

    @Test
    void callThatIsOverDoesNotSpoilIt() throws Exception {
        var context = Context.current().withCancellation();
        context.cancel(null);

        assertThat(context.call(token::get)).isNotEmpty();
    }

    @Test
    void identityThatIsDownIsAskedAgainLater() {
        identity.down = true;
        assertThatCall(token::get).hasCode(Code.UNAVAILABLE);

        identity.down = false;
        assertThat(token.get()).isNotEmpty();
    }

    @Test
    void refusedCredentialsAreTold() {
        var wrong = new ServiceToken(channel, "test-service", "wrong", clock);

        assertThatIllegalStateException().isThrownBy(wrong::get).withMessageContaining("invalid_client");
    }
}
