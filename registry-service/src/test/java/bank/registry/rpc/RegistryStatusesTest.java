package bank.registry.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.failure.Failure;
import bank.registry.model.RegistryException;
import bank.registry.model.RegistryFailure;
import bank.registry.model.RegistryUnavailableException;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RegistryStatusesTest {
    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new RegistryFailure.PatientNotFound(), Code.NOT_FOUND, "PATIENT_NOT_FOUND"),
                Arguments.of(new RegistryFailure.TaxpayerNotFound(), Code.NOT_FOUND, "TAXPAYER_NOT_FOUND"),
                Arguments.of(new RegistryFailure.SlotNotFound(5), Code.NOT_FOUND, "SLOT_NOT_FOUND"),
                Arguments.of(new RegistryFailure.AppointmentNotFound(5), Code.NOT_FOUND, "APPOINTMENT_NOT_FOUND"),
                Arguments.of(new RegistryFailure.NotVerified(), Code.PERMISSION_DENIED, "NOT_VERIFIED"),
                Arguments.of(new RegistryFailure.PatientMissing(), Code.INVALID_ARGUMENT, "INVALID_FIELD"),
                Arguments.of(new RegistryFailure.SlotTaken(5), Code.ALREADY_EXISTS, "SLOT_TAKEN"),
                Arguments.of(new RegistryFailure.SlotPassed(5), Code.FAILED_PRECONDITION, "SLOT_PASSED"),
                Arguments.of(new RegistryFailure.DeathFormal(), Code.FAILED_PRECONDITION, "DEATH_FORMAL"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void tellsEachFailureByCodeAndReason(RegistryFailure failure, Code code, String reason) {
        var told = translated(new RegistryException(failure));

        assertThat(told.code()).isEqualTo(code);
        assertThat(told.reason()).isEqualTo(reason);
        assertThat(told.precondition() != null).isEqualTo(code == Code.FAILED_PRECONDITION);
        assertThat(told.violations().isEmpty()).isEqualTo(code != Code.INVALID_ARGUMENT);
        assertThat(told.retryAfter()).isNull();
    }

    @Test
    void tellsOfARegistryThatDoesNotAnswerNothingButThat() {
        var told = translated(new RegistryUnavailableException("registry nhs at nhs.internal:8443", true, null));

        assertThat(told.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(told.reason()).isEqualTo("REGISTRY_UNAVAILABLE");
        assertThat(told.message()).isEqualTo("the registry does not answer");
        assertThat(told.retryAfter()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void leavesOtherExceptionsAlone() {
        assertThat(new RegistryStatuses().translate(new IllegalStateException()))
                .isNull();
    }

    private static Failure translated(RuntimeException exception) {
        return Objects.requireNonNull(new RegistryStatuses().translate(exception));
    }
}
