package bank.standalone;

import bank.standalone.Caller.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What was asked and answered, a line each, without what differs from one telling to the next.
final class Tale {
    private static final Set<String> VOLATILE = Set.of(
            "id",
            "user_id",
            "document_id",
            "document_ids",
            "contract_id",
            "worker_id",
            "updated_by",
            "email",
            "created_at",
            "access_token",
            "refresh_token",
            "link",
            "actor",
            "upload_id",
            "url",
            "expires_at",
            "next_page_token",
            "message");

    private final Caller caller;
    private final List<String> lines = new ArrayList<>();

    /// @param caller makes the calls that are told
    Tale(Caller caller) {
        this.caller = caller;
    }

    /// Makes a call and tells it.
    ///
    /// @return the answer; an empty object for a failure
    <Q extends Message, A extends Message> JsonNode tell(MethodDescriptor<Q, A> method, Q request, String token) {
        return tell(method, request, token, Map.of());
    }

    /// The same with headers of the request.
    <Q extends Message, A extends Message> JsonNode tell(
            MethodDescriptor<Q, A> method, Q request, String token, Map<String, String> headers) {
        return tell(method, caller.call(method, request, token, headers));
    }

    /// Tells a call made elsewhere.
    ///
    /// @return the answer; an empty object for a failure that says no more
    JsonNode tell(MethodDescriptor<?, ?> method, Answer answer) {
        var body = answer.body() == null ? Caller.JSON.createObjectNode() : answer.body();
        lines.add("%s %s %s %s etag=%s replayed=%s %s"
                .formatted(
                        method.getFullMethodName(),
                        answer.code(),
                        answer.reason(),
                        answer.violations(),
                        answer.etag(),
                        answer.replayed(),
                        still(body.deepCopy())));
        return body;
    }

    /// Everything told so far.
    List<String> lines() {
        return List.copyOf(lines);
    }

    private static JsonNode still(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> {
                if (!VOLATILE.contains(field.getKey())) {
                    still(field.getValue());
                }
            });
            VOLATILE.forEach(name -> {
                if (object.get(name) instanceof ArrayNode array) {
                    object.put(name, "… " + array.size());
                } else if (object.has(name) && !object.get(name).asText().isEmpty()) {
                    object.put(name, "…");
                }
            });
        } else if (node instanceof ArrayNode array) {
            array.forEach(Tale::still);
        }
        return node;
    }
}
