package bank.edge.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.Status;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The error answers, each once under `components/responses`.
enum ErrorAnswer {
    BAD_REQUEST(
            400,
            Status.Code.INVALID_ARGUMENT,
            "INVALID_FIELD",
            "The request is wrong, or the state of things forbids it."),
    UNAUTHENTICATED(401, Status.Code.UNAUTHENTICATED, "TOKEN_MISSING", "No access token came, or it does not hold."),
    FORBIDDEN(403, Status.Code.PERMISSION_DENIED, "ROLE_MISSING", "The caller may not do this."),
    NOT_FOUND(404, Status.Code.NOT_FOUND, "NOT_FOUND", "There is no such thing, or it belongs to somebody else."),
    CONFLICT(409, Status.Code.ABORTED, "CONFLICT", "It is there already, or another request got in the way."),
    PRECONDITION_FAILED(
            412, Status.Code.ABORTED, "ETAG_MISMATCH", "The resource has changed since `If-Match` was read."),
    TOO_LARGE(413, Status.Code.RESOURCE_EXHAUSTED, "CONTENT_TOO_LARGE", "The body is larger than allowed."),
    MEDIA_TYPE(415, Status.Code.INVALID_ARGUMENT, "MEDIA_TYPE", "The body is of a type that is not taken here."),
    RANGE(416, Status.Code.OUT_OF_RANGE, "RANGE", "The range lies outside of the content."),
    KEY_REUSED(422, Status.Code.INVALID_ARGUMENT, "KEY_REUSED", "The `Idempotency-Key` was used with another request."),
    TOO_MANY(
            429,
            Status.Code.RESOURCE_EXHAUSTED,
            "RESOURCE_EXHAUSTED",
            "There is too much of this now; repeat after a pause."),
    INTERNAL(500, Status.Code.INTERNAL, "INTERNAL", "A bug; tell us the request id."),
    UNIMPLEMENTED(501, Status.Code.UNIMPLEMENTED, "UNIMPLEMENTED", "The service does not do this."),
    UNAVAILABLE(
            503,
            Status.Code.UNAVAILABLE,
            "UPSTREAM_UNAVAILABLE",
            "A part of the system is down; repeat after a pause."),
    DEADLINE(
            504,
            Status.Code.DEADLINE_EXCEEDED,
            "DEADLINE_EXCEEDED",
            "The deadline passed before the answer was there.");

    private final int status;
    private final Status.Code code;
    private final String reason;
    private final String description;

    ErrorAnswer(int status, Status.Code code, String reason, String description) {
        this.status = status;
        this.code = code;
        this.reason = reason;
        this.description = description;
    }

    static Optional<ErrorAnswer> of(int status) {
        return Arrays.stream(values()).filter(answer -> answer.status == status).findFirst();
    }

    int status() {
        return status;
    }

    /// Adds every error answer to the components.
    static void define(ObjectNode components) {
        ObjectNode responses = components.putObject("responses");
        for (ErrorAnswer answer : values()) {
            responses.set(answer.title(), answer.whole(Map.of(), components));
        }
        ObjectNode other = responses.putObject("Other");
        other.put("description", "Any other error.");
        other.set("headers", AnswerHeaders.of(components));
        other.putObject("content")
                .putObject("application/problem+json")
                .putObject("schema")
                .put("$ref", "#/components/schemas/Problem");
    }

    /// The answer of an operation: a reference, or with the operation's own reasons in words.
    ObjectNode response(Map<String, Status.Code> reasons, ObjectNode factory) {
        return reasons.isEmpty()
                ? factory.objectNode().put("$ref", "#/components/responses/" + title())
                : whole(reasons, factory);
    }

    private ObjectNode whole(Map<String, Status.Code> reasons, ObjectNode factory) {
        ObjectNode response = factory.objectNode();
        response.put("description", description + reasons(reasons));
        response.set(
                "headers",
                switch (this) {
                    case UNAUTHENTICATED -> AnswerHeaders.of(factory, "WWW-Authenticate");
                    case CONFLICT, TOO_MANY, UNAVAILABLE -> AnswerHeaders.of(factory, "Retry-After");
                    case RANGE -> AnswerHeaders.of(factory, "Content-Range");
                    default -> AnswerHeaders.of(factory);
                });
        var told = reasons.entrySet().stream().findFirst().orElse(Map.entry(reason, code));
        addProblem(response, told.getValue(), told.getKey());
        return response;
    }

    /// Adds this error to an answer that has the same status and a form of its own.
    void addTo(ObjectNode response) {
        addProblem(response, code, reason);
    }

    private void addProblem(ObjectNode response, Status.Code told, String reason) {
        ObjectNode content = response.withObject("/content").putObject("application/problem+json");
        content.putObject("schema").put("$ref", "#/components/schemas/Problem");
        content.set("example", example(told, reason, response));
    }

    private static String reasons(Map<String, Status.Code> reasons) {
        return reasons.isEmpty()
                ? ""
                : reasons.keySet().stream().collect(Collectors.joining("`, `", " Reasons of this operation: `", "`."));
    }

    private ObjectNode example(Status.Code told, String reason, ObjectNode factory) {
        String words = reason.toLowerCase(Locale.ROOT).replace('_', ' ');
        ObjectNode problem = factory.objectNode();
        problem.put("type", "/problems/" + reason.toLowerCase(Locale.ROOT).replace('_', '-'));
        problem.put("title", words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1));
        problem.put("status", status).put("detail", description.replace("`", ""));
        problem.put("code", told.name()).put("reason", reason);
        problem.put("request_id", "7d8c0a52-6a4f-4a0e-8a63-0f8d6f6f3f2e");
        return problem;
    }

    /// `BAD_REQUEST` gives `BadRequest`.
    private String title() {
        return Arrays.stream(name().split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }
}
