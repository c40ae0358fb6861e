package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ExpectedLog;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.Status.Code;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The edge does what its `/openapi.json` says: each answer is as described for its status, each body that
/// is wrong by its schema is refused.
class AsDescribedIT {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("a sample of a failure");

    /// Codes that say nothing of a service's health, so that calls go on.
    private static final Set<Code> CODES = EnumSet.complementOf(
            EnumSet.of(Code.OK, Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.CANCELLED, Code.UNKNOWN));

    private static SampleServices services;
    private static TestBank bank;
    private static List<DescribedOperation> operations;

    @BeforeAll
    static void start() {
        services = new SampleServices();
        bank = new TestBank(services.settings());
        operations = DescribedOperation.all(
                DescribedOperation.parsed(bank.get("/openapi.json").body()));
    }

    @AfterAll
    static void stop() {
        bank.close();
        services.close();
    }

    private static HttpRequest.Builder request(DescribedOperation operation, String id, BodyPublisher body) {
        var request = HttpRequest.newBuilder(bank.uri(operation.target()))
                .header("X-Request-Id", id)
                .method(operation.method(), body);
        if (!operation.type().isEmpty()) {
            request.header("Content-Type", operation.type());
        }
        if (operation.needsToken()) {
            request.header("Authorization", "Bearer " + token(operation));
        }
        return request;
    }

    /// A token of a user who may call it.
    private static String token(DescribedOperation operation) {
        String who = operation.described().path("description").asText();
        return who.contains("`admin`") ? services.tokens.admin() : services.tokens.client();
    }

    private static HttpResponse<String> call(DescribedOperation operation, String id) {
        return bank.send(request(operation, id, operation.body()));
    }

    private static Stream<DescribedOperation> withJson() {
        return operations.stream().filter(operation -> operation.takes(DescribedOperation.JSON));
    }

    @Test
    void everyOperationAnswersAsDescribed() {
        assertThat(operations).hasSizeGreaterThan(40);
        var soft = new SoftAssertions();
        for (var operation : operations) {
            for (String fill : List.of(SampleServices.FULL, "empty")) {
                var answer = call(operation, fill);
                soft.assertThat(answer.statusCode())
                        .as("%s, %s: %s", operation, fill, answer.body())
                        .isBetween(200, 299);
                soft.assertThat(operation.faults(answer))
                        .as("%s, %s: %s", operation, fill, answer.body())
                        .isEmpty();
            }
        }
        soft.assertAll();
    }

    @Test
    void everyFailureIsAnsweredAsDescribed() {
        var soft = new SoftAssertions();
        for (var operation : operations) {
            for (Code code : operation.isRaw() ? EnumSet.of(Code.INTERNAL, Code.INVALID_ARGUMENT) : CODES) {
                var answer = call(operation, code.name());
                soft.assertThat(answer.statusCode())
                        .as("%s, %s", operation, code)
                        .isBetween(400, 599);
                soft.assertThat(operation.failureFaults(answer))
                        .as("%s, %s: %s", operation, code, answer.body())
                        .isEmpty();
            }
        }
        soft.assertAll();
    }

    @Test
    void everyRefusalIsAnsweredAsDescribed() {
        var soft = new SoftAssertions();
        for (var operation : operations) {
            var refused = new ArrayList<HttpRequest.Builder>();
            refused.add(request(operation, "empty", operation.body())
                    .header("Authorization", "Bearer a")
                    .header("Authorization", "Bearer b"));
            if (!operation.isRaw()) {
                refused.add(request(operation, "empty", operation.body())
                        .uri(bank.uri(operation.path().replaceAll("\\{\\w+}", "x") + "?no_such_parameter=1")));
            }
            if (operation.needsToken()) {
                refused.add(request(operation, "empty", operation.body())
                        .setHeader("Authorization", "Bearer " + services.tokens.forged()));
            }
            if (operation.takes(DescribedOperation.JSON)) {
                refused.add(request(operation, "empty", BodyPublishers.ofString("{")));
                refused.add(request(operation, "empty", operation.body()).setHeader("Content-Type", "text/plain"));
                refused.add(request(
                        operation, "empty", BodyPublishers.ofString("{\"a\":\"" + "x".repeat(2 << 20) + "\"}")));
            }
            for (var request : refused) {
                var answer = bank.send(request);
                soft.assertThat(answer.statusCode())
                        .as("%s: %s", operation, answer.body())
                        .isBetween(400, 499);
                soft.assertThat(operation.faults(answer))
                        .as("%s: %s", operation, answer.body())
                        .isEmpty();
            }
        }
        soft.assertAll();
    }

    @Test
    void everyBodyThatIsWrongByItsSchemaIsRefused() {
        var soft = new SoftAssertions();
        var tried = new ArrayList<String>();
        withJson()
                .forEach(operation -> operation.brokenBodies().forEach((what, body) -> {
                    if (!operation.bodyFaults(body).isEmpty()) {
                        var answer = bank.send(request(operation, "empty", BodyPublishers.ofString(body.toString())));
                        soft.assertThat(answer.statusCode())
                                .as("%s, %s: %s", operation, what, operation.bodyFaults(body))
                                .isEqualTo(400);
                        soft.assertThat(operation.faults(answer))
                                .as("%s, %s: %s", operation, what, answer.body())
                                .isEmpty();
                        tried.add(what);
                    }
                }));
        soft.assertAll();
        assertThat(tried).hasSizeGreaterThan(200);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "/paths/~1v1~1abs~1documents~1{id}/get/responses, 200",
        "/paths/~1v1~1abs~1documents~1{id}/get/responses/200/content, application/json",
        "/components/schemas/Document/properties, description",
        "/components/schemas/Document/properties, actual_date",
        "/components/schemas/DocumentStatus, enum",
    })
    void wouldFindWhatIsNotDescribed(String place, String member) {
        var operation = operation(operations.getFirst().document());
        var answer = call(operation, SampleServices.FULL);
        JsonNode less = operation.document().deepCopy();
        var taken = ((ObjectNode) less.at(place)).remove(member);
        if (taken.isArray()) {
            ((ObjectNode) less.at(place)).putArray(member).add("another");
        }

        assertThat(operation.faults(answer)).isEmpty();
        assertThat(operation(less).faults(answer)).isNotEmpty();
    }

    private static DescribedOperation operation(JsonNode document) {
        return DescribedOperation.all(document).stream()
                .filter(each -> each.toString().equals("GET /v1/abs/documents/{id}"))
                .findAny()
                .orElseThrow();
    }
}
