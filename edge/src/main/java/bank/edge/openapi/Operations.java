package bank.edge.openapi;

import bank.edge.EdgeConfig;
import bank.edge.json.JsonMode;
import bank.edge.route.HttpRule;
import bank.edge.route.PathTemplate.Variable;
import bank.edge.route.Rpc;
import bank.v1.Access;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Tells one route as an operation.
final class Operations {
    private static final String OWN = "bank.v1.";

    private final Schemas schemas;
    private final Comments comments;
    private final Bodies bodies;
    private final Answers answers;
    private final RawOperations raw;
    private final EdgeConfig config;

    Operations(Schemas schemas, Comments comments, RawOperations raw, EdgeConfig config) {
        this.schemas = schemas;
        this.comments = comments;
        this.bodies = new Bodies(schemas, config);
        this.answers = new Answers(schemas, comments);
        this.raw = raw;
        this.config = config;
    }

    /// Name of a service's tag: services of `bank.v1` by their short names.
    static String tag(ServiceDescriptor service) {
        String name = service.getFullName();
        return name.startsWith(OWN) ? name.substring(OWN.length()) : name;
    }

    /// Gives the message that a rule answers with its name, before what comes in by the same type takes it.
    void name(HttpRule rule) {
        if (!rule.rpc().raw() && rule.responseBody().isEmpty()) {
            schemas.message(rule.rpc().output(), View.answer(mode(rule.rpc())), Set.of());
        }
    }

    /// The operation of a rule.
    ///
    /// @param place which of the rpc's rules it is, from 1
    /// @param shape its path
    /// @param names names of the path's placeholders
    ObjectNode of(HttpRule rule, int place, PathShape shape, List<String> names) {
        Rpc rpc = rule.rpc();
        Access allowed = Security.access(rpc);
        ObjectNode operation = JsonNodeFactory.instance.objectNode();
        String id = tag(rpc.method().getService()) + "_" + rpc.method().getName();
        operation.put("operationId", place == 1 ? id : id + "_" + place);
        operation.putArray("tags").add(tag(rpc.method().getService()));
        text(rpc, operation);
        if (rpc.method().getOptions().getDeprecated()) {
            operation.put("deprecated", true);
        }
        if (rpc.raw()) {
            new Parameters(schemas, View.address(mode(rpc)), operation.putArray("parameters"))
                    .headers(List.of("RequestTimeout", "RequestId"));
            raw.fill(rule, operation);
        } else {
            message(rule, shape, names, operation, allowed);
        }
        RuleKeywords.describe(Security.sentence(allowed), operation);
        Security.requirements(allowed, operation.putArray("security"));
        return operation;
    }

    private void text(Rpc rpc, ObjectNode operation) {
        String comment = comments.of(rpc.method());
        operation.put("summary", comment.isEmpty() ? rpc.method().getName() : Comments.firstSentence(comment));
        operation.put("description", comment);
    }

    private void message(HttpRule rule, PathShape shape, List<String> names, ObjectNode operation, Access allowed) {
        JsonMode mode = mode(rule.rpc());
        Descriptor input = rule.rpc().input();
        Set<String> bound =
                rule.template().variables().stream().map(Variable::field).collect(Collectors.toUnmodifiableSet());
        var traits = Traits.of(rule, View.answer(mode), allowed);
        var parameters = new Parameters(schemas, View.address(mode), operation.putArray("parameters"));
        parameters.path(shape, names, input);
        View body = View.body(mode, config.jsonBytesMax());
        if (rule.rpc().upload() != null) {
            upload(rule, parameters);
            operation.set("requestBody", bodies.upload(rule, body));
        } else {
            if (!rule.body().equals("*")) {
                var elsewhere = new HashSet<>(bound);
                elsewhere.add(rule.body());
                parameters.query(input, elsewhere, true);
            }
            if (!rule.body().isEmpty()) {
                operation.set("requestBody", bodies.json(rule, body, bound));
            }
        }
        parameters.headers(traits.headers());
        ObjectNode responses = operation.putObject("responses");
        answers.good(rule, traits, View.answer(mode), responses);
        answers.errors(rule, traits, responses);
    }

    /// Fields of the form in the query, for a body that is the file itself.
    private static void upload(HttpRule rule, Parameters parameters) {
        var form = Bodies.form(rule);
        if (form != null && rule.rpc().upload() != null && !rule.rpc().upload().getMany()) {
            parameters.query(form, Set.of(), false);
        }
    }

    private static JsonMode mode(Rpc rpc) {
        return rpc.ways().house() ? JsonMode.HOUSE : JsonMode.STANDARD;
    }
}
