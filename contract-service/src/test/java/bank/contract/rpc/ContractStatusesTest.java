package bank.contract.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import bank.contract.model.ContractException;
import bank.contract.model.ContractFailure;
import bank.contract.model.ContractStatus;
import bank.contract.model.LinkKey;
import bank.contract.model.LinkStatus;
import bank.platform.failure.Failure;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ContractStatusesTest {
    private static final LinkKey KEY = new LinkKey(101, 789);

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new ContractFailure.ContractNotFound(101), Code.NOT_FOUND, "NOT_FOUND"),
                Arguments.of(new ContractFailure.DocumentNotFound(789), Code.NOT_FOUND, "NOT_FOUND"),
                Arguments.of(new ContractFailure.LinkNotFound(KEY), Code.NOT_FOUND, "NOT_FOUND"),
                Arguments.of(new ContractFailure.UserNotFound(5), Code.NOT_FOUND, "NOT_FOUND"),
                Arguments.of(new ContractFailure.UnknownUser(5), Code.INVALID_ARGUMENT, "UNKNOWN_USER"),
                Arguments.of(new ContractFailure.UserMissing(), Code.INVALID_ARGUMENT, "INVALID_FIELD"),
                Arguments.of(new ContractFailure.OwnerMismatch(KEY), Code.FAILED_PRECONDITION, "OWNER_MISMATCH"),
                Arguments.of(new ContractFailure.ContractArchived(101), Code.FAILED_PRECONDITION, "CONTRACT_ARCHIVED"),
                Arguments.of(
                        new ContractFailure.IllegalContractStatus(101, ContractStatus.ARCHIVED, ContractStatus.DRAFT),
                        Code.FAILED_PRECONDITION,
                        "ILLEGAL_STATUS_CHANGE"),
                Arguments.of(
                        new ContractFailure.IllegalLinkStatus(KEY, LinkStatus.REVOKED, LinkStatus.ACTIVE),
                        Code.FAILED_PRECONDITION,
                        "ILLEGAL_STATUS_CHANGE"),
                Arguments.of(new ContractFailure.LinkSuperseded(KEY), Code.ABORTED, "LINK_SUPERSEDED"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void tellsEachFailureByCodeAndReason(ContractFailure failure, Code code, String reason) {
        var told = translated(failure);

        assertThat(told.code()).isEqualTo(code);
        assertThat(told.reason()).isEqualTo(reason);
        assertThat(told.precondition() != null).isEqualTo(code == Code.FAILED_PRECONDITION);
        assertThat(told.violations().isEmpty()).isEqualTo(code != Code.INVALID_ARGUMENT);
        assertThat(told.retryAfter()).isEqualTo(code == Code.ABORTED ? Duration.ofSeconds(1) : null);
    }

    @Test
    void namesBothStatuses() {
        assertThat(translated(new ContractFailure.IllegalLinkStatus(KEY, LinkStatus.REVOKED, LinkStatus.ACTIVE))
                        .message())
                .isEqualTo("contract/101/link/789 is revoked and cannot become active");
    }

    @Test
    void leavesOtherExceptionsAlone() {
        assertThat(new ContractStatuses().translate(new IllegalStateException()))
                .isNull();
    }

    private static Failure translated(ContractFailure failure) {
        return Objects.requireNonNull(new ContractStatuses().translate(new ContractException(failure)));
    }
}
