package bank.edge.route;

import com.google.api.AnnotationsProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.ArrayList;
import java.util.List;

/// One HTTP method and path by which an rpc is reached.
///
/// @param httpMethod method, or custom kind, as it is written, e.g. `GET`; `*` for every method
/// @param template the path
/// @param rpc the rpc
/// @param body `*` when the body is the whole request message, a field's name when it is that field, empty when
///     there is no body
/// @param responseBody name of the response's field that is the answer's body; empty for the whole response
public record HttpRule(String httpMethod, PathTemplate template, Rpc rpc, String body, String responseBody) {

    /// The rules of an rpc: its `google.api.http` option and the additional bindings; none without the option.
    ///
    /// @throws IllegalArgumentException when a rule has no path or kind, breaks the grammar of templates, nests
    ///     additional bindings, or names a field that is not there or cannot be bound
    public static List<HttpRule> of(Rpc rpc) {
        if (!rpc.method().getOptions().hasExtension(AnnotationsProto.http)) {
            return List.of();
        }
        com.google.api.HttpRule option = rpc.method().getOptions().getExtension(AnnotationsProto.http);
        var rules = new ArrayList<HttpRule>();
        rules.add(of(rpc, option));
        for (com.google.api.HttpRule binding : option.getAdditionalBindingsList()) {
            if (binding.getAdditionalBindingsCount() > 0) {
                throw new IllegalArgumentException(rpc.path() + ": an additional binding with additional bindings");
            }
            rules.add(of(rpc, binding));
        }
        return List.copyOf(rules);
    }

    private static HttpRule of(Rpc rpc, com.google.api.HttpRule option) {
        HttpRule rule = switch (option.getPatternCase()) {
            case GET -> rule(rpc, option, "GET", option.getGet());
            case PUT -> rule(rpc, option, "PUT", option.getPut());
            case POST -> rule(rpc, option, "POST", option.getPost());
            case DELETE -> rule(rpc, option, "DELETE", option.getDelete());
            case PATCH -> rule(rpc, option, "PATCH", option.getPatch());
            case CUSTOM ->
                rule(
                        rpc,
                        option,
                        option.getCustom().getKind(),
                        option.getCustom().getPath());
            case PATTERN_NOT_SET -> throw new IllegalArgumentException(rpc.path() + ": an http rule without a path");
        };
        rule.requireFields();
        return rule;
    }

    private static HttpRule rule(Rpc rpc, com.google.api.HttpRule option, String method, String path) {
        if (method.isEmpty()) {
            throw new IllegalArgumentException(rpc.path() + ": an http rule without a kind");
        }
        return new HttpRule(method, PathTemplate.parse(path), rpc, option.getBody(), option.getResponseBody());
    }

    private void requireFields() {
        for (PathTemplate.Variable variable : template.variables()) {
            Descriptor message = rpc.input();
            String[] names = variable.field().split("\\.", -1);
            for (int i = 0; i < names.length; i++) {
                FieldDescriptor field = message.findFieldByName(names[i]);
                boolean last = i == names.length - 1;
                if (field == null || field.isRepeated() || (!last && field.getJavaType() != JavaType.MESSAGE)) {
                    throw new IllegalArgumentException(this + ": no field to bind " + variable.field() + " to");
                }
                if (!last) {
                    message = field.getMessageType();
                }
            }
        }
        if (!body.isEmpty() && !body.equals("*") && rpc.input().findFieldByName(body) == null) {
            throw new IllegalArgumentException(this + ": no field for body " + body);
        }
        if (!responseBody.isEmpty() && rpc.output().findFieldByName(responseBody) == null) {
            throw new IllegalArgumentException(this + ": no field for response_body " + responseBody);
        }
    }

    @Override
    public String toString() {
        return httpMethod + " " + template.text() + " (" + rpc.path() + ")";
    }
}
