package bank.edge.openapi;

import bank.edge.openapi.PathShape.Placeholder;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Parameters of an operation: in the path, in the query, in headers.
final class Parameters {
    private static final Set<String> TEXTS = Set.of(
            "google.protobuf.Timestamp",
            "google.protobuf.Duration",
            "google.protobuf.FieldMask",
            "google.protobuf.BoolValue",
            "google.protobuf.BytesValue",
            "google.protobuf.DoubleValue",
            "google.protobuf.FloatValue",
            "google.protobuf.Int32Value",
            "google.protobuf.Int64Value",
            "google.protobuf.StringValue",
            "google.protobuf.UInt32Value",
            "google.protobuf.UInt64Value");
    private static final Set<String> HOUSE_TEXTS = Set.of("google.type.Date", "google.type.Decimal");
    private static final Set<String> JSON_ONLY = Set.of(
            "google.protobuf.Struct",
            "google.protobuf.ListValue",
            "google.protobuf.Value",
            "google.protobuf.Any",
            "google.api.HttpBody");

    private final Schemas schemas;
    private final View view;
    private final ArrayNode parameters;

    /// @param parameters where they go
    Parameters(Schemas schemas, View view, ArrayNode parameters) {
        this.schemas = schemas;
        this.view = view;
        this.parameters = parameters;
    }

    /// Adds the placeholders of a path.
    ///
    /// @param names names in the path, which may be those of another operation of the same path
    void path(PathShape shape, List<String> names, Descriptor input) {
        for (int i = 0; i < names.size(); i++) {
            Placeholder placeholder = shape.placeholders().get(i);
            ObjectNode schema = placeholder.whole() && !placeholder.rest()
                    ? schemas.fields().of(field(input, placeholder.variable()), view, Set.of())
                    : segment();
            if (placeholder.rest()) {
                RuleKeywords.describe("The rest of the path, slashes included.", schema);
            }
            add(names.get(i), "path", true, schema, true);
        }
    }

    private ObjectNode segment() {
        return parameters
                .objectNode()
                .put("type", "string")
                .put("format", "text")
                .put("maxLength", view.textMax());
    }

    private static FieldDescriptor field(Descriptor message, String path) {
        FieldDescriptor field = null;
        Descriptor at = message;
        for (String step : path.split("\\.", -1)) {
            field = at.findFieldByName(step);
            if (field == null) {
                throw new IllegalArgumentException(message.getFullName() + " has no field " + path);
            }
            at = field.getJavaType() == JavaType.MESSAGE ? field.getMessageType() : at;
        }
        if (field == null) {
            throw new IllegalArgumentException("an empty field path");
        }
        return field;
    }

    /// Adds the fields of a message, save those bound elsewhere, the nested ones by their dotted paths. What has no
    /// text form cannot come in a query.
    ///
    /// @param bound paths of fields that the path or the body sets
    /// @param examples with the examples that fields have
    void query(Descriptor message, Set<String> bound, boolean examples) {
        query(message, new Place("", "", true), bound, Set.of(), examples);
    }

    /// Where in the request the fields of a message are.
    ///
    /// @param path path of the message in the proto files, with a dot at its end
    /// @param name the same as clients write it
    /// @param required the message itself is
    private record Place(String path, String name, boolean required) {}

    private void query(Descriptor message, Place place, Set<String> bound, Set<String> above, boolean examples) {
        for (FieldDescriptor field : message.getFields()) {
            String path = place.path() + field.getName();
            String name = place.name() + JsonNames.of(field, view);
            if (bound.contains(path) || field.isMapField()) {
                continue;
            }
            boolean required = place.required() && JsonNames.isRequired(field, view);
            if (isText(field)) {
                add(name, "query", required, schemas.fields().of(field, view, Set.of()), examples);
            } else if (!field.isRepeated()
                    && !JSON_ONLY.contains(field.getMessageType().getFullName())
                    && !above.contains(field.getMessageType().getFullName())) {
                var deeper = new HashSet<>(above);
                deeper.add(message.getFullName());
                deeper.add(field.getMessageType().getFullName());
                query(field.getMessageType(), new Place(path + ".", name + ".", required), bound, deeper, examples);
            }
        }
    }

    private boolean isText(FieldDescriptor field) {
        return field.getJavaType() != JavaType.MESSAGE
                || TEXTS.contains(field.getMessageType().getFullName())
                || (view.house() && HOUSE_TEXTS.contains(field.getMessageType().getFullName()));
    }

    private void add(String name, String in, boolean required, ObjectNode schema, boolean examples) {
        ObjectNode parameter = parameters.addObject().put("name", name).put("in", in);
        if (schema.has("description")) {
            parameter.set("description", schema.remove("description"));
        }
        if (required) {
            parameter.put("required", true);
        }
        if (schema.has("deprecated")) {
            parameter.set("deprecated", schema.remove("deprecated"));
        }
        var given = schema.path("examples").path(0);
        schema.remove("examples");
        parameter.set("schema", schema);
        if (required && examples) {
            (given.isMissingNode() ? new Examples(schemas::resolve, true).named(name, schema) : Optional.of(given))
                    .ifPresent(example -> parameter.set("example", example));
        }
    }

    /// Adds header parameters by reference.
    void headers(List<String> names) {
        names.forEach(name -> parameters.addObject().put("$ref", "#/components/parameters/" + name));
    }
}
