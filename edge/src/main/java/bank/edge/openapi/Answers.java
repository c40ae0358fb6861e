package bank.edge.openapi;

import bank.edge.route.HttpRule;
import bank.edge.route.Rpc;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/// Answers of operations: what they give when all goes well, and the errors they can end in.
final class Answers {
    private static final long DOWNLOAD_BYTES_MAX = 1L << 40;

    private final Schemas schemas;
    private final Comments comments;

    Answers(Schemas schemas, Comments comments) {
        this.schemas = schemas;
        this.comments = comments;
    }

    /// Adds the good answers of a rule.
    void good(HttpRule rule, Traits traits, View view, ObjectNode responses) {
        Rpc rpc = rule.rpc();
        if (traits.download()) {
            download(responses);
            return;
        }
        if (traits.empty() && view.house()) {
            plain("Done.", "204", headers(traits, responses), responses);
            return;
        }
        if (rpc.created() != null && view.house()) {
            ObjectNode created = plain("Created.", "201", headers(traits, responses, "Location"), responses);
            content(rule, view, created);
            content(rule, view, plain("What a dry run would create.", "200", headers(traits, responses), responses));
            return;
        }
        content(rule, view, plain("Done.", "200", headers(traits, responses), responses));
        if (traits.tagged() && !traits.mutation()) {
            plain("The caller has it already.", "304", AnswerHeaders.of(responses, "ETag"), responses);
        }
    }

    private static ObjectNode plain(String description, String status, ObjectNode headers, ObjectNode responses) {
        ObjectNode response = responses.putObject(status).put("description", description);
        response.set("headers", headers);
        return response;
    }

    private static ObjectNode headers(Traits traits, ObjectNode factory, String... more) {
        var names = new ArrayList<>(List.of(more));
        if (traits.tagged()) {
            names.add("ETag");
        }
        if (traits.repeatable()) {
            names.add("Idempotency-Replayed");
        }
        return AnswerHeaders.of(factory, names.toArray(String[]::new));
    }

    private void content(HttpRule rule, View view, ObjectNode response) {
        Rpc rpc = rule.rpc();
        if (isBytes(rule)) {
            binary(response);
            return;
        }
        ObjectNode schema;
        if (rule.responseBody().isEmpty()) {
            schema = schemas.message(rpc.output(), view, Set.of());
        } else {
            FieldDescriptor field = Objects.requireNonNull(rpc.output().findFieldByName(rule.responseBody()));
            schema = schemas.fields().of(field, view, Set.of());
        }
        ObjectNode contents = response.putObject("content");
        if (!rpc.method().isServerStreaming()) {
            ObjectNode json = contents.putObject("application/json");
            json.set("schema", schema);
            new Examples(schemas::resolve, false).of(schema).ifPresent(value -> json.set("example", value));
            return;
        }
        StreamForms.addAnswer(schema, contents);
    }

    /// The answer is bytes as they are.
    private static boolean isBytes(HttpRule rule) {
        Rpc rpc = rule.rpc();
        FieldDescriptor field =
                rule.responseBody().isEmpty() ? null : rpc.output().findFieldByName(rule.responseBody());
        return field == null ? Bodies.isHttpBody(rpc.output()) : !field.isRepeated() && Bodies.isHttpBody(field);
    }

    private static void download(ObjectNode responses) {
        ObjectNode whole = plain("The content.", "200", downloadHeaders(responses), responses);
        binary(whole);
        ObjectNode part = plain("A part of it.", "206", downloadHeaders(responses, "Content-Range"), responses);
        binary(part);
        plain("The caller has it already.", "304", AnswerHeaders.of(responses, "ETag"), responses);
    }

    private static ObjectNode downloadHeaders(ObjectNode factory, String... more) {
        var names = new ArrayList<>(List.of("ETag", "Accept-Ranges", "Content-Disposition"));
        names.addAll(List.of(more));
        return AnswerHeaders.of(factory, names.toArray(String[]::new));
    }

    private static void binary(ObjectNode response) {
        response.putObject("content")
                .putObject("*/*")
                .set("schema", Bodies.file("The bytes, under their own media type.", DOWNLOAD_BYTES_MAX));
    }

    /// Adds the errors: those every operation of these traits can end in, and those its comment tells of.
    void errors(HttpRule rule, Traits traits, ObjectNode responses) {
        Map<Integer, Map<String, Status.Code>> told =
                new TreeMap<>(RpcErrors.in(comments.of(rule.rpc().method())));
        traits.statuses().forEach(status -> told.computeIfAbsent(status, _ -> Map.of()));
        told.forEach((status, reasons) -> ErrorAnswer.of(status)
                .ifPresent(answer -> responses.set(Integer.toString(status), answer.response(reasons, responses))));
        responses.putObject("default").put("$ref", "#/components/responses/Other");
    }
}
