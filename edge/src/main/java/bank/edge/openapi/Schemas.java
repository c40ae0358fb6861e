package bank.edge.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.GenericDescriptor;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The schemas of message and enum types, each once under `components/schemas`, referred to from everywhere else: so
/// types that contain themselves end.
final class Schemas {
    private static final String OWN = "bank.v1.";

    private final ObjectNode components;
    private final FieldSchemas fields;
    private final Map<Key, String> names = new HashMap<>();

    /// One form of a type.
    ///
    /// @param type full name
    /// @param left fields left out, relative to the type
    private record Key(String type, View view, Set<String> left) {}

    /// @param components where the schemas go; what is there keeps its name
    Schemas(ObjectNode components, Comments comments) {
        this.components = components;
        this.fields = new FieldSchemas(this, comments);
    }

    /// Schemas of single fields.
    FieldSchemas fields() {
        return fields;
    }

    /// A reference to the schema of a message type.
    ///
    /// @param left paths of fields left out, for they are bound elsewhere
    ObjectNode message(Descriptor type, View view, Set<String> left) {
        return reference(
                type, new Key(type.getFullName(), view, left), schema -> fields.object(type, view, left, schema));
    }

    /// A reference to the schema of an enum type.
    ObjectNode enumeration(EnumDescriptor type, View view) {
        // Names alone: they come in and go out alike.
        var key = new Key(type.getFullName(), View.answer(view.mode()), Set.of());
        return reference(type, key, schema -> fields.names(type, view, schema));
    }

    /// The schema a reference leads to; the schema itself when it is none.
    ObjectNode resolve(ObjectNode schema) {
        String reference = schema.path("$ref").asText();
        return reference.isEmpty()
                ? schema
                : (ObjectNode) components.path(reference.substring(reference.lastIndexOf('/') + 1));
    }

    private ObjectNode reference(GenericDescriptor type, Key key, Consumer<ObjectNode> fill) {
        String name = names.get(key);
        if (name == null) {
            name = free(type, key);
            names.put(key, name);
            fill.accept(components.putObject(name));
        }
        return components.objectNode().put("$ref", "#/components/schemas/" + name);
    }

    /// Types of `bank.v1` by their short names, others by their full ones; what comes in, where it differs from what
    /// goes out, is `…Input`.
    private String free(GenericDescriptor type, Key key) {
        String full = type.getFullName();
        String base = full.startsWith(OWN) ? full.substring(OWN.length()) : full;
        String name = base;
        if (components.has(name) && key.view().input()) {
            name = base + "Input";
        }
        for (int i = 2; components.has(name); i++) {
            name = base + "_" + i;
        }
        return name;
    }

    /// The fields of `left` below one field, relative to that.
    static Set<String> below(Set<String> left, FieldDescriptor field) {
        String prefix = field.getName() + ".";
        return left.stream()
                .filter(path -> path.startsWith(prefix))
                .map(path -> path.substring(prefix.length()))
                .collect(Collectors.toUnmodifiableSet());
    }
}
