package bank.edge.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;

/// Headers of answers, by reference.
final class AnswerHeaders {
    private static final List<String> ALWAYS = List.of("X-Request-Id", "RateLimit", "Access-Control-Allow-Origin");

    private AnswerHeaders() {}

    /// The headers that every answer may have, and these.
    static ObjectNode of(ObjectNode factory, String... more) {
        ObjectNode headers = factory.objectNode();
        Stream.concat(Stream.of(more), ALWAYS.stream())
                .forEach(name -> headers.putObject(name).put("$ref", "#/components/headers/" + name));
        return headers;
    }
}
