package bank.platform.grpc;

import static bank.platform.FailureAssert.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import bank.platform.auth.Principal;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallTest {
    @ParameterizedTest
    @CsvSource({"true, true", "TRUE, true", "false, false"})
    void dryRunIsSaidByTrue(String value, boolean dry) {
        assertThat(validateOnly(value)).isEqualTo(dry);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "yes", "", "true, true"})
    void doesNotGuessWhetherToChangeSomething(String value) {
        assertFails(Code.INVALID_ARGUMENT, "INVALID_FIELD", () -> validateOnly(value));
    }

    @Test
    void headerThatMayComeOnceIsNotGuessedFromTwo() {
        var headers = new Metadata();
        headers.put(Headers.key(Headers.IDEMPOTENCY_KEY), "a");
        assertThat(new Call(TestCalls.RPC, headers, "request-1").soleHeader(Headers.IDEMPOTENCY_KEY))
                .isEqualTo("a");
        headers.put(Headers.key(Headers.IDEMPOTENCY_KEY), "a");
        assertFails(
                Code.INVALID_ARGUMENT,
                "INVALID_HEADER",
                () -> new Call(TestCalls.RPC, headers, "request-1").soleHeader(Headers.IDEMPOTENCY_KEY));
    }

    @Test
    void thereIsNoneOutsideOfAnRpc() {
        assertThatIllegalStateException().isThrownBy(Call::current);
    }

    private static boolean validateOnly(String value) {
        return TestCalls.call(
                new Principal.Anonymous(),
                Map.of(Headers.VALIDATE_ONLY, value),
                () -> Call.current().validateOnly());
    }
}
