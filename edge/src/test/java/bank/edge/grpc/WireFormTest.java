package bank.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.stream.StreamMessage;
import com.linecorp.armeria.common.stream.SubscriptionOption;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Pieces of text are given back to the pool they come from.
class WireFormTest {
    private static final WireForm TEXT = Objects.requireNonNull(WireForm.of("application/grpc-web-text+proto"));

    private static ByteBuf pooled(String text) {
        return PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static List<HttpData> decoded(ByteBuf piece) {
        return TEXT.decode(StreamMessage.of(HttpData.wrap(piece)))
                .collect(ImmediateEventExecutor.INSTANCE, SubscriptionOption.WITH_POOLED_OBJECTS)
                .join();
    }

    @Test
    void givesBackWhatItDecoded() {
        var piece = pooled("AAAA");

        assertThat(decoded(piece)).containsExactly(HttpData.wrap(new byte[3]));
        assertThat(piece.refCnt()).isZero();
    }

    @Test
    void givesBackWhatItCouldNotDecode() {
        var piece = pooled("A*AA");

        assertThatThrownBy(() -> decoded(piece)).hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(piece.refCnt()).isZero();
    }

    @Test
    void givesBackWhatItEncoded() {
        var piece = pooled("abc");

        assertThat(TEXT.data(HttpData.wrap(piece)).toStringAscii()).isEqualTo("YWJj");
        assertThat(piece.refCnt()).isZero();
    }
}
