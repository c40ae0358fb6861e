package bank.edge.route;

import com.google.api.AnnotationsProto;
import com.google.api.HttpBody;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.OneofDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One HTTP method and path by which an rpc is reached.
///
/// @param httpMethod method, or custom kind, as it is written, e.g. `GET`; `*` for every method
/// @param template the path
/// @param rpc the rpc
/// @param body `*` when the body is the whole request message, a field's name when it is that field, empty when
///     there is no body
/// @param responseBody name of the response's field that is the answer's body; empty for the whole response
public record HttpRule(String httpMethod, PathTemplate template, Rpc rpc, String body, String responseBody) {
    private static final String WHOLE = "*";

    /// The rules of an rpc: its `google.api.http` option and the additional bindings; none without the option.
    ///
    /// @throws IllegalArgumentException when a rule has no path or kind, breaks the grammar of templates, nests
    ///     additional bindings, or names a field that is not there or that no request could set
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
        return new HttpRule(method, template(rpc, path), rpc, option.getBody(), option.getResponseBody());
    }

    private static PathTemplate template(Rpc rpc, String path) {
        try {
            return PathTemplate.parse(path);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(rpc.path() + ": " + e.getMessage(), e);
        }
    }

    private void requireFields() {
        if (!body.isEmpty() && !body.equals(WHOLE) && rpc.input().findFieldByName(body) == null) {
            throw new IllegalArgumentException(this + ": no field for body " + body);
        }
        if (!responseBody.isEmpty() && rpc.output().findFieldByName(responseBody) == null) {
            throw new IllegalArgumentException(this + ": no field for response_body " + responseBody);
        }
        var members = new HashMap<String, String>();
        for (PathTemplate.Variable variable : template.variables()) {
            String field = variable.field();
            if (!rpc.codec().takesText(rpc.input(), field)) {
                throw new IllegalArgumentException(this + ": no field to bind " + field + " to that takes text");
            }
            if (isOfBytes(field)) {
                throw new IllegalArgumentException(this + ": " + field + " is set by the body too");
            }
            requireSoleMember(field, members);
        }
    }

    /// The request has a field of this name that neither path nor body sets, which leaves the query.
    boolean leavesToQuery(String name) {
        return !body.equals(WHOLE)
                && !body.equals(name)
                && template.variables().stream()
                        .noneMatch(variable -> variable.field().equals(name))
                && rpc.input().getFields().stream()
                        .anyMatch(field -> field.getName().equals(name)
                                || field.getJsonName().equals(name));
    }

    /// The body is raw bytes, which with their media type fill the whole message the field is in.
    private boolean isOfBytes(String variable) {
        if (body.equals(WHOLE)) {
            return isBytes(rpc.input());
        }
        FieldDescriptor field = body.isEmpty() ? null : rpc.input().findFieldByName(body);
        return field != null
                && field.getJavaType() == JavaType.MESSAGE
                && isBytes(field.getMessageType())
                && variable.startsWith(body + ".");
    }

    private static boolean isBytes(Descriptor type) {
        return type.getFullName().equals(HttpBody.getDescriptor().getFullName());
    }

    /// Of two fields of one oneof the second would be refused in every request.
    ///
    /// @param members names of the fields bound so far, by their oneof
    private void requireSoleMember(String variable, Map<String, String> members) {
        Descriptor message = rpc.input();
        String above = "";
        for (String name : variable.split("\\.", -1)) {
            FieldDescriptor field = message.findFieldByName(name);
            OneofDescriptor oneof = field.getRealContainingOneof();
            String other = oneof == null ? name : members.putIfAbsent(above + '#' + oneof.getName(), name);
            if (other != null && !other.equals(name)) {
                throw new IllegalArgumentException(this + ": " + variable + " is excluded by " + above + other);
            }
            above += name + '.';
            if (field.getJavaType() == JavaType.MESSAGE) {
                message = field.getMessageType();
            }
        }
    }

    @Override
    public String toString() {
        return httpMethod + " " + template.text() + " (" + rpc.path() + ")";
    }
}
