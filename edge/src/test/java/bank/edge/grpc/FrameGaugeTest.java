package bank.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.platform.failure.FailureException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.common.stream.StreamMessage;
import com.linecorp.armeria.common.stream.SubscriptionOption;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameGaugeTest {
    private static final int MESSAGE_MAX = 300;
    private static final int MAX = 1000;

    private final FrameGauge gauge = new FrameGauge(MESSAGE_MAX, MAX);

    private static byte[] frames(int... lengths) {
        var frames = new ByteArrayOutputStream();
        for (int length : lengths) {
            frames.writeBytes(
                    ByteBuffer.allocate(5 + length).put((byte) 1).putInt(length).array());
        }
        return frames.toByteArray();
    }

    /// What passes of bytes that come in pieces.
    private byte[] passed(byte[] bytes, int pieceBytes) {
        var pieces = new ArrayList<HttpData>();
        for (int at = 0; at < bytes.length; at += pieceBytes) {
            pieces.add(HttpData.copyOf(bytes, at, Math.min(pieceBytes, bytes.length - at)));
        }
        var passed = new ByteArrayOutputStream();
        gauge.watch(StreamMessage.of(pieces.toArray(HttpData[]::new)))
                .collect(ImmediateEventExecutor.INSTANCE)
                .join()
                .forEach(piece -> passed.writeBytes(piece.array()));
        return passed.toByteArray();
    }

    private void assertRefused(byte[] bytes, int pieceBytes, String reason, @Nullable String bytesMax) {
        assertThatThrownBy(() -> passed(bytes, pieceBytes))
                .hasCauseInstanceOf(ClosedStreamException.class)
                .rootCause()
                .isInstanceOfSatisfying(FailureException.class, e -> {
                    assertThat(e.failure().reason()).isEqualTo(reason);
                    assertThat(e.failure().metadata().get("bytes_max")).isEqualTo(bytesMax);
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 305, 1000})
    void passesWhatIsWithinItsLimits(int pieceBytes) {
        byte[] frames = frames(300, 0, 300, 300, 75);

        assertThat(passed(frames, pieceBytes)).hasSize(MAX).isEqualTo(frames);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 316})
    void refusesALongMessageAtItsPrefix(int pieceBytes) {
        assertRefused(Arrays.copyOf(frames(1, 300, 301), 316), pieceBytes, "CONTENT_TOO_LARGE", "300");
    }

    @Test
    void refusesLengthsBeyondTwoGibibytes() {
        assertRefused(new byte[] {0, -1, -1, -1, -1}, 5, "CONTENT_TOO_LARGE", "300");
    }

    @Test
    void refusesALongStream() {
        assertRefused(frames(300, 300, 300, 81), 100, "CONTENT_TOO_LARGE", "1000");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 14})
    void refusesAStreamThatEndsWithinAMessage(int bytes) {
        assertRefused(Arrays.copyOf(frames(10), bytes), 3, "MALFORMED_REQUEST", null);
    }

    @Test
    void tellsNothingOfAStreamThatBrokeOffByItself() {
        var broken = new IllegalStateException("gone");

        assertThatThrownBy(() -> gauge.watch(StreamMessage.aborted(broken))
                        .collect(ImmediateEventExecutor.INSTANCE)
                        .join())
                .hasCause(broken);
    }

    @Test
    void givesBackWhatItRefuses() {
        ByteBuf piece = PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(frames(301));

        assertThatThrownBy(() -> gauge.watch(StreamMessage.of(HttpData.wrap(piece)))
                        .collect(ImmediateEventExecutor.INSTANCE, SubscriptionOption.WITH_POOLED_OBJECTS)
                        .join())
                .hasCauseInstanceOf(ClosedStreamException.class);
        assertThat(piece.refCnt()).isZero();
    }
}
