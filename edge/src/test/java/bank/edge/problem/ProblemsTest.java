package bank.edge.problem;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.failure.Failure;
import com.linecorp.armeria.common.HttpHeaders;
import io.grpc.Status;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemsTest {
    @ParameterizedTest
    @CsvSource({
        "INVALID_ARGUMENT, INVALID_FIELD, 400",
        "FAILED_PRECONDITION, DOCUMENT_HELD, 400",
        "OUT_OF_RANGE, PAGE_TOKEN, 400",
        "UNAUTHENTICATED, TOKEN_MISSING, 401",
        "PERMISSION_DENIED, ROLE_MISSING, 403",
        "NOT_FOUND, NOT_FOUND, 404",
        "ALREADY_EXISTS, EMAIL_TAKEN, 409",
        "ABORTED, CONFLICT, 409",
        "ABORTED, ETAG_MISMATCH, 412",
        "INVALID_ARGUMENT, KEY_REUSED, 422",
        "ABORTED, KEY_IN_USE, 409",
        "RESOURCE_EXHAUSTED, CONTENT_TOO_LARGE, 413",
        "INVALID_ARGUMENT, MEDIA_TYPE, 415",
        "OUT_OF_RANGE, RANGE, 416",
        "RESOURCE_EXHAUSTED, TOO_MANY, 429",
        "CANCELLED, CANCELLED, 499",
        "INTERNAL, INTERNAL, 500",
        "UNKNOWN, INTERNAL, 500",
        "DATA_LOSS, INTERNAL, 500",
        "UNIMPLEMENTED, UNIMPLEMENTED, 501",
        "UNAVAILABLE, UPSTREAM_UNAVAILABLE, 503",
        "DEADLINE_EXCEEDED, DEADLINE_EXCEEDED, 504"
    })
    void haveTheStatusOfTheirCodeOrReason(Status.Code code, String reason, int status) {
        assertThat(Problems.answer(Failure.of(code, reason, "x"), "/p", "id")
                        .status()
                        .code())
                .isEqualTo(status);
    }

    @Test
    void tellEverythingAProblemHas() {
        var answer = Problems.answer(Failure.invalid("INVALID_FIELD", "id", "must be > 0"), "/v1/x", "req-1");

        assertThat(answer.contentUtf8())
                .isEqualTo("{\"type\":\"/problems/invalid-field\",\"title\":\"Invalid field\",\"status\":400,"
                        + "\"detail\":\"id: must be > 0\",\"instance\":\"/v1/x\",\"code\":\"INVALID_ARGUMENT\","
                        + "\"reason\":\"INVALID_FIELD\",\"request_id\":\"req-1\","
                        + "\"errors\":[{\"field\":\"id\",\"description\":\"must be > 0\"}]}");
    }

    @Test
    void tellWhenToComeBackAndWhatIsAllowed() {
        var busy = Failure.of(Status.Code.ABORTED, "KEY_IN_USE", "x");
        assertThat(Problems.answer(busy, "/", "").headers().get("retry-after")).isEqualTo("1");
        assertThat(Problems.answer(busy.retryAfter(Duration.ofMillis(2100)), "/", "")
                        .headers()
                        .get("retry-after"))
                .isEqualTo("3");
        assertThat(Problems.answer(EdgeFailures.methodNotAllowed(Set.of("GET")), "/", "")
                        .headers()
                        .get("allow"))
                .isEqualTo("GET");
    }

    private static HttpHeaders trailers(Failure failure) {
        var status = io.grpc.protobuf.StatusProto.fromThrowable(failure.toStatus());
        return HttpHeaders.builder()
                .set("grpc-status", Integer.toString(status.getCode()))
                .set("grpc-message", "%D0%BD%D0%B5%D1%82")
                .set(
                        "grpc-status-details-bin",
                        Base64.getEncoder().withoutPadding().encodeToString(status.toByteArray()))
                .build();
    }

    @Test
    void readTheWordsOfAService() {
        var failure = UpstreamStatus.read(
                trailers(Failure.invalid("UNKNOWN_CATEGORY", "category", "none").retryAfter(Duration.ofSeconds(2))),
                true);

        assertThat(failure).isNotNull();
        assertThat(failure.message()).isEqualTo("нет");
        assertThat(failure.reason()).isEqualTo("UNKNOWN_CATEGORY");
        assertThat(failure.violations()).hasSize(1);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void takeHeadersFromAServiceThatMaySetThemAlone() {
        var status = trailers(Failure.of(Status.Code.OUT_OF_RANGE, "RANGE", "x")
                        .with("http-allow", "GET")
                        .with("http-www-authenticate", "Basic")
                        .with("shelf", "3"))
                .toBuilder()
                .set("http-content-range", "bytes */7")
                .build();

        var ours = UpstreamStatus.read(status, true);
        var theirs = UpstreamStatus.read(status, false);

        assertThat(ours).isNotNull();
        assertThat(Problems.answer(ours, "/", "").headers().get("content-range"))
                .isEqualTo("bytes */7");
        assertThat(theirs).isNotNull();
        assertThat(theirs.reason()).isEqualTo("RANGE");
        assertThat(theirs.metadata()).isEqualTo(Map.of("shelf", "3"));
        assertThat(Problems.answer(theirs, "/", "").headers().names())
                .extracting(Object::toString)
                .doesNotContain("allow", "content-range", "www-authenticate");
    }

    @Test
    void quoteTheirWordsInTheChallenge() {
        var failure = Failure.of(Status.Code.UNAUTHENTICATED, "TOKEN_INVALID", "it \"is\"\r\nSet-Cookie: a=нет\\");

        assertThat(Problems.answer(failure, "/", "").headers().get("www-authenticate"))
                .endsWith("error_description=\"it ?is???Set-Cookie: a=????\"");
    }

    @Test
    void keepTheWordsOfAFrameworkToThemselves() {
        var failure =
                UpstreamStatus.read(HttpHeaders.of("grpc-status", "2", "grpc-message", "NullPointerException"), true);
        assertThat(failure).isEqualTo(EdgeFailures.internal());

        var told = UpstreamStatus.read(trailers(Failure.of(Status.Code.INTERNAL, "INTERNAL", "secret")), true);
        assertThat(told).isEqualTo(EdgeFailures.internal());
    }

    @Test
    void areNoneWhenTheStatusIsOk() {
        assertThat(UpstreamStatus.read(HttpHeaders.of("grpc-status", "0"), true))
                .isNull();
    }
}
