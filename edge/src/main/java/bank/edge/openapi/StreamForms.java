package bank.edge.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// The forms of a stream of messages. OpenAPI 3.1 has no schema for the elements of lines and events: there the schema
/// is that of one element, as its description says.
final class StreamForms {
    private static final String LINES = "application/x-ndjson";
    private static final String ARRAY = "application/json";
    private static final String EVENTS = "text/event-stream";

    private StreamForms() {}

    /// Adds the forms of a request.
    ///
    /// @param message schema of one message
    static void addRequest(ObjectNode message, ObjectNode contents) {
        lines("A line of the body: each is one such message.", message, contents);
        array("The messages of the stream.", message, contents);
    }

    /// Adds the forms of an answer, which may end in a failure.
    ///
    /// @param message schema of one message
    static void addAnswer(ObjectNode message, ObjectNode contents) {
        ObjectNode element = either(message, "StreamFailure");
        array("The messages of the stream; a failure after the first is the last element.", element, contents);
        lines("A line of the body: each is one such message, the last one the failure, if any.", element, contents);
        contents.putObject(EVENTS)
                .set(
                        "schema",
                        described(
                                "The data of an event: each is one such message, that of the event `error` the problem.",
                                either(message, "Problem")));
    }

    private static void array(String description, ObjectNode element, ObjectNode contents) {
        ObjectNode schema = contents.putObject(ARRAY).putObject("schema");
        schema.put("type", "array").put("maxItems", Integer.MAX_VALUE).put("description", description);
        schema.set("items", element);
    }

    private static void lines(String description, ObjectNode element, ObjectNode contents) {
        contents.putObject(LINES).set("schema", described(description, element));
    }

    private static ObjectNode described(String description, ObjectNode schema) {
        ObjectNode described = schema.deepCopy();
        RuleKeywords.describe(description, described);
        return described;
    }

    private static ObjectNode either(ObjectNode message, String component) {
        ObjectNode either = message.objectNode();
        either.putArray("anyOf").add(message).addObject().put("$ref", "#/components/schemas/" + component);
        return either;
    }
}
