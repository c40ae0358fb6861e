package bank.edge.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.edge.http.HeldBytes;
import bank.edge.problem.EdgeFailures;
import bank.platform.failure.FailureException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrpcFramesTest {
    private static final int SHORT = HeldBytes.SHORT_BYTES_MAX;

    private final List<Long> taken = new ArrayList<>();
    private final GrpcFrames frames = new GrpcFrames(taken::add);

    private static byte[] prefix(int length) {
        return ByteBuffer.allocate(5).putInt(1, length).array();
    }

    private void receive(int length) {
        frames.add(prefix(length));
        frames.add(new byte[length]);
        assertThat(frames.poll()).hasSize(length);
    }

    @Test
    void takesRoomForALongMessageAsSoonAsItsLengthIsThere() {
        byte[] prefix = prefix(SHORT + 1);
        frames.add(new byte[] {prefix[0], prefix[1], prefix[2], prefix[3]});
        assertThat(taken).isEmpty();
        frames.add(new byte[] {prefix[4]});
        assertThat(taken).containsExactly(SHORT + 1L);
    }

    @Test
    void takesNoneForShortOnes() {
        receive(0);
        receive(SHORT);
        receive(SHORT);
        assertThat(taken).isEmpty();
    }

    @Test
    void takesForAllMessagesWhatTheLongestNeeds() {
        receive(100_000);
        receive(90_000);
        receive(100_000);
        assertThat(taken).containsExactly(100_000L);
        receive(130_000);
        assertThat(taken).containsExactly(100_000L, 30_000L);
    }

    @Test
    void endsWhereThereIsNoRoom() {
        var full = new GrpcFrames(_ -> {
            throw EdgeFailures.overloaded().exception();
        });
        assertThatThrownBy(() -> full.add(prefix(SHORT + 1))).isInstanceOf(FailureException.class);
    }
}
