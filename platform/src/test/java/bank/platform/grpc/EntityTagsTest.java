package bank.platform.grpc;

import static bank.platform.FailureAssert.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import bank.platform.auth.Principal;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagsTest {
    @ParameterizedTest
    @ValueSource(strings = {"\"3\"", "3", "*", "\"2\", \"3\"", "\"2\",3", " \"3\" ", "W/\"3\", \"3\""})
    void holdsWhenOneTagIsTheCurrentOne(String header) {
        assertThatNoException().isThrownBy(() -> require(header));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"2\"", "W/\"3\"", "\"*\"x", "\"33\"", "\"\""})
    void refusesWhenNoneIs(String header) {
        var failure = assertFails(Code.ABORTED, "ETAG_MISMATCH", () -> require(header));
        assertThat(failure.metadata()).containsEntry("etag", "3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", " , "})
    void conditionWithoutTagIsNotTakenForNone(String header) {
        assertFails(Code.INVALID_ARGUMENT, "INVALID_HEADER", () -> require(header));
    }

    @Test
    void knowsWhatIsRequiredByFurtherTags() {
        var condition = Map.of(Headers.IF_MATCH, "\"sha-256:ab\"");
        assertThatNoException()
                .isThrownBy(() -> TestCalls.run(
                        new Principal.Anonymous(), condition, () -> EntityTags.require("3", "sha-256:ab")));
        assertFails(
                Code.ABORTED,
                "ETAG_MISMATCH",
                () -> TestCalls.run(new Principal.Anonymous(), condition, () -> EntityTags.require("3", "sha-256:cd")));
    }

    @Test
    void noConditionHolds() {
        assertThatNoException()
                .isThrownBy(() -> TestCalls.run(new Principal.Anonymous(), Map.of(), () -> EntityTags.require("3")));
    }

    @Test
    void severalHeadersAreOneList() throws Exception {
        var headers = new Metadata();
        headers.put(Headers.key(Headers.IF_MATCH), "\"3\"");
        headers.put(Headers.key(Headers.IF_MATCH), "\"4\"");
        var call = new Call(TestCalls.RPC, headers, "request-1");

        assertThat(Context.current()
                        .withValue(Call.KEY, call)
                        .call(() -> Call.current().ifMatch()))
                .containsExactly("3", "4");
    }

    private static void require(String header) {
        TestCalls.run(new Principal.Anonymous(), Map.of(Headers.IF_MATCH, header), () -> EntityTags.require("3"));
    }
}
