package bank.platform;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import io.grpc.Status;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Expects a failure of a code and reason.
public final class FailureAssert {
    private FailureAssert() {}

    public static Failure assertFails(Status.Code code, String reason, ThrowingCallable work) {
        var thrown = catchThrowableOfType(FailureException.class, work);
        Assertions.assertThat(thrown).as("failure %s", reason).isNotNull();
        Assertions.assertThat(thrown.failure().code()).isEqualTo(code);
        Assertions.assertThat(thrown.failure().reason()).isEqualTo(reason);
        return thrown.failure();
    }
}
