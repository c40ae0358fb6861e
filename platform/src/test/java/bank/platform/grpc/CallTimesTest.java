package bank.platform.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import bank.v1.ContractServiceGrpc;
import bank.v1.DocumentServiceGrpc;
import io.grpc.Deadline;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CallTimesTest {
    private static final Duration UNARY = Duration.ofSeconds(30);
    private static final Duration UNARY_MAX = Duration.ofMinutes(2);
    private static final Duration TRANSFER = Duration.ofMinutes(15);

    @Test
    void givesACallOfWhichNoTimeIsAskedTheUsualTime() {
        assertEnd(ContractServiceGrpc.getGetContractMethod(), null, UNARY);
    }

    @Test
    void capsWhatIsAsked() {
        assertEnd(ContractServiceGrpc.getGetContractMethod(), Duration.ofHours(1), UNARY_MAX);
        assertEnd(DocumentServiceGrpc.getUploadDocumentMethod(), Duration.ofHours(1), TRANSFER);
    }

    @Test
    void leavesWhatIsAskedWithinTheLimits() {
        assertThat(end(ContractServiceGrpc.getGetContractMethod(), Duration.ofSeconds(40)))
                .isNull();
        assertThat(end(DocumentServiceGrpc.getUploadDocumentMethod(), Duration.ofMinutes(10)))
                .isNull();
    }

    @Test
    void givesStreamsAndWhatMovesWholeFilesTheTimeOfATransfer() {
        assertEnd(DocumentServiceGrpc.getUploadDocumentMethod(), null, TRANSFER);
        assertEnd(DocumentServiceGrpc.getDownloadDocumentMethod(), null, TRANSFER);
        assertEnd(DocumentServiceGrpc.getFinishUploadMethod(), null, TRANSFER);
        assertEnd(DocumentServiceGrpc.getCreateUploadMethod(), null, UNARY);
    }

    private static void assertEnd(MethodDescriptor<?, ?> method, @Nullable Duration asked, Duration expected) {
        var end = end(method, asked);
        assertThat(end).isNotNull();
        assertThat(Duration.ofNanos(end.timeRemaining(TimeUnit.NANOSECONDS)))
                .isBetween(expected.minusSeconds(25), expected);
    }

    private static @Nullable Deadline end(MethodDescriptor<?, ?> method, @Nullable Duration asked) {
        return CallTimes.DEFAULT.end(
                method, asked == null ? null : Deadline.after(asked.toNanos(), TimeUnit.NANOSECONDS));
    }
}
