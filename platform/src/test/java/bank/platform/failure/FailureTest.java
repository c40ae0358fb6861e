package bank.platform.failure;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FailureTest {
    @Test
    void passesWhenTheSameMayGoWellLater() {
        assertThat(Failure.of(Status.Code.UNAVAILABLE, "SCANNER_UNAVAILABLE", "")
                        .passing())
                .isTrue();
        assertThat(Failure.of(Status.Code.DEADLINE_EXCEEDED, "UPLOAD_TOO_SLOW", "")
                        .passing())
                .isTrue();
        assertThat(Failure.of(Status.Code.RESOURCE_EXHAUSTED, "CALLER_UPLOADS_EXCEEDED", "")
                        .retryAfter(Duration.ofSeconds(1))
                        .passing())
                .isTrue();
        assertThat(Failure.of(Status.Code.RESOURCE_EXHAUSTED, "CONTENT_TOO_LARGE", "")
                        .passing())
                .isFalse();
        assertThat(Failure.invalid("EMPTY_FILE", "file", "").passing()).isFalse();
    }

    @Test
    void carriesExactlyOneErrorInfo() throws Exception {
        var failure = Failure.notFound("документ 789").with("document_id", "789");
        var status = failure.toStatus();

        assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(status.getStatus().getDescription()).isEqualTo("документ 789 not found");
        assertThat(StatusProto.fromThrowable(status).getDetailsList()).hasSize(1);
        var info = only(failure, ErrorInfo.class);
        assertThat(info.getDomain()).isEqualTo("bank");
        assertThat(info.getReason()).isEqualTo("NOT_FOUND");
        assertThat(info.getMetadataMap()).containsExactly(Map.entry("document_id", "789"));
    }

    @Test
    void namesEachInvalidField() throws Exception {
        var failure = Failure.invalid(
                "INVALID_FIELD",
                List.of(new Failure.Violation("a", "too long"), new Failure.Violation("b[1].c", "no")));

        assertThat(failure.message()).isEqualTo("a: too long");
        assertThat(only(failure, ErrorInfo.class).getReason()).isEqualTo("INVALID_FIELD");
        assertThat(only(failure, BadRequest.class).getFieldViolationsList())
                .extracting(violation -> violation.getField() + "|" + violation.getDescription())
                .containsExactly("a|too long", "b[1].c|no");
    }

    @Test
    void saysWhatStandsInTheWay() throws Exception {
        var violations = only(
                        Failure.precondition("DOCUMENT_HELD", "HOLD", "document/789", "held"),
                        PreconditionFailure.class)
                .getViolationsList();

        assertThat(violations).hasSize(1);
        assertThat(violations.getFirst().getType()).isEqualTo("HOLD");
        assertThat(violations.getFirst().getSubject()).isEqualTo("document/789");
        assertThat(violations.getFirst().getDescription()).isEqualTo("held");
    }

    @Test
    void saysWhenToTryAgain() throws Exception {
        var delay = only(
                        Failure.of(Status.Code.UNAVAILABLE, "DOWN", "down").retryAfter(Duration.ofMillis(1_500)),
                        RetryInfo.class)
                .getRetryDelay();

        assertThat(delay.getSeconds()).isEqualTo(1);
        assertThat(delay.getNanos()).isEqualTo(500_000_000);
    }

    @Test
    void passesOnWhatAnotherServiceAnswered() {
        var failure = Failure.of(Status.Code.PERMISSION_DENIED, "SCOPE_MISSING", "the scope is missing")
                .with("scopes", "a b");

        assertThat(Failure.of(failure.toStatus())).contains(failure);
        assertThat(Failure.of(Status.PERMISSION_DENIED.asRuntimeException())).isEmpty();
    }

    private static <T extends Message> T only(Failure failure, Class<T> type) throws InvalidProtocolBufferException {
        var details = StatusProto.fromThrowable(failure.toStatus()).getDetailsList().stream()
                .filter(detail -> detail.is(type))
                .toArray(Any[]::new);
        assertThat(details).hasSize(1);
        return details[0].unpack(type);
    }
}
