package bank.edge.openapi;

import build.buf.validate.FieldRules;
import build.buf.validate.MessageOneofRule;
import build.buf.validate.MessageRules;
import build.buf.validate.OneofRules;
import build.buf.validate.Rule;
import build.buf.validate.ValidateProto;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Schemas of objects and of their fields: type, limits, comment, examples.
final class FieldSchemas {
    private final Schemas schemas;
    private final Comments comments;
    private final ValueSchemas values;

    FieldSchemas(Schemas schemas, Comments comments) {
        this.schemas = schemas;
        this.comments = comments;
        this.values = new ValueSchemas(schemas);
    }

    /// Fills in the schema of a message with a member for each field, save those left out.
    void object(Descriptor type, View view, Set<String> left, ObjectNode schema) {
        schema.put("type", "object");
        String comment = comments.of(type);
        if (!comment.isEmpty()) {
            schema.put("description", comment);
        }
        var required = new ArrayList<String>();
        ObjectNode properties = schema.objectNode();
        for (FieldDescriptor field : type.getFields()) {
            if (!left.contains(field.getName())) {
                properties.set(JsonNames.of(field, view), of(field, view, Schemas.below(left, field)));
                if (JsonNames.isRequired(field, view)) {
                    required.add(JsonNames.of(field, view));
                }
            }
        }
        if (!required.isEmpty()) {
            required.forEach(schema.putArray("required")::add);
        }
        schema.set("properties", properties);
        if (view.input()) {
            schema.put("additionalProperties", false);
        }
        oneofs(type, view, left, schema);
        MessageRules rules = type.getOptions().getExtension(ValidateProto.message);
        for (Rule rule : rules.getCelList()) {
            refusal(rule.getMessage(), schema);
        }
    }

    private static void refusal(String message, ObjectNode schema) {
        if (!message.isEmpty()) {
            RuleKeywords.describe("Refused otherwise: " + message + ".", schema);
        }
    }

    /// At most one of the members, or exactly one where the rules say so.
    private static void oneofs(Descriptor type, View view, Set<String> left, ObjectNode schema) {
        type.getRealOneofs().forEach(oneof -> {
            OneofRules rules = oneof.getOptions().getExtension(ValidateProto.oneof);
            choice(oneof.getFields(), rules.getRequired(), view, left, schema);
        });
        MessageRules rules = type.getOptions().getExtension(ValidateProto.message);
        for (MessageOneofRule rule : rules.getOneofList()) {
            List<FieldDescriptor> members = type.getFields().stream()
                    .filter(field -> rule.getFieldsList().contains(field.getName()))
                    .toList();
            if (view.input()) {
                choice(members, rule.getRequired(), view, left, schema);
            }
        }
    }

    private static void choice(
            List<FieldDescriptor> members, boolean required, View view, Set<String> left, ObjectNode schema) {
        ObjectNode choice = schema.objectNode();
        ArrayNode one = choice.putArray("oneOf");
        ArrayNode any = schema.arrayNode();
        for (FieldDescriptor member : members) {
            if (!left.contains(member.getName())) {
                one.addObject().putArray("required").add(JsonNames.of(member, view));
                any.addObject().putArray("required").add(JsonNames.of(member, view));
            }
        }
        if (one.size() < 2) {
            return;
        }
        if (!required) {
            one.addObject().putObject("not").set("anyOf", any);
        }
        schema.withArray("allOf").add(choice);
    }

    /// Schema of a field, with its comment.
    ///
    /// @param left paths of fields below it that are left out
    ObjectNode of(FieldDescriptor field, View view, Set<String> left) {
        Constraints constraints =
                view.input() ? Constraints.of(field) : Constraints.of(FieldRules.getDefaultInstance());
        ObjectNode schema = field.isMapField()
                ? map(field, view, constraints)
                : field.isRepeated() ? list(field, view, constraints) : single(field, view, left, constraints);
        ObjectNode described = schema.objectNode();
        String comment = comments.of(field);
        String own = schema.path("description").asText();
        if (!comment.isEmpty() || !own.isEmpty()) {
            described.put("description", comment.isEmpty() ? own : own.isEmpty() ? comment : comment + "\n\n" + own);
        }
        schema.remove("description");
        described.setAll(schema);
        if (field.getOptions().getDeprecated()) {
            described.put("deprecated", true);
        }
        constraints.messages().forEach(message -> RuleKeywords.describe("Refused when it " + message + ".", described));
        Examples.explicit(field, comment, schemas.resolve(schema)).ifPresent(example -> {
            if (!described.has("examples")) {
                described.putArray("examples").add(example);
            }
        });
        return described;
    }

    private ObjectNode single(FieldDescriptor field, View view, Set<String> left, Constraints constraints) {
        if (field.getJavaType() == JavaType.ENUM) {
            return enumeration(field, view, constraints);
        }
        ObjectNode schema = values.of(field, view, left);
        RuleKeywords.apply(constraints, schema);
        return schema;
    }

    /// An enum by its names. One that is named as an id, which an enum's values are by their numbers, comes in as that
    /// in house mode.
    private ObjectNode enumeration(FieldDescriptor field, View view, Constraints constraints) {
        EnumDescriptor type = field.getEnumType();
        if (view.house() && view.input() && field.getName().endsWith("_id")) {
            return numbers(constraints.allowed(type), schemas.resolve(schemas.enumeration(type, view)));
        }
        ObjectNode schema = values.of(field, view, Set.of());
        List<EnumValueDescriptor> allowed = JsonNames.shown(constraints.allowed(type), view);
        if (schema.has("$ref")
                && allowed.size() < JsonNames.shown(type.getValues(), view).size()) {
            allowed.forEach(value -> schema.withArray("enum").add(JsonNames.of(value, view)));
        }
        return schema;
    }

    private static ObjectNode numbers(List<EnumValueDescriptor> allowed, ObjectNode factory) {
        ObjectNode schema = factory.objectNode();
        schema.put("type", "integer").put("format", "int32");
        List<Integer> numbers = allowed.stream()
                .map(EnumValueDescriptor::getNumber)
                .filter(number -> number != 0)
                .sorted()
                .toList();
        schema.put("minimum", numbers.getFirst()).put("maximum", numbers.getLast());
        numbers.forEach(schema.putArray("enum")::add);
        return schema;
    }

    private ObjectNode list(FieldDescriptor field, View view, Constraints constraints) {
        ObjectNode items = values.of(field, view, Set.of());
        RuleKeywords.apply(RuleKeywords.below(constraints, "items"), items);
        ObjectNode schema = items.objectNode();
        schema.put("type", "array").put("maxItems", view.textMax());
        RuleKeywords.applyToList(constraints, schema);
        schema.set("items", items);
        return schema;
    }

    private ObjectNode map(FieldDescriptor field, View view, Constraints constraints) {
        FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
        ObjectNode content = values.of(value, view, Set.of());
        RuleKeywords.apply(RuleKeywords.below(constraints, "values"), content);
        ObjectNode schema = content.objectNode();
        schema.put("type", "object").put("maxProperties", view.textMax());
        RuleKeywords.applyToList(constraints, schema);
        ObjectNode names = values.key(key, view);
        RuleKeywords.apply(RuleKeywords.below(constraints, "keys"), names);
        schema.set("propertyNames", names);
        schema.set("additionalProperties", content);
        return schema;
    }

    /// Fills in the schema of an enum's names.
    void names(EnumDescriptor type, View view, ObjectNode schema) {
        var text = new StringBuilder(comments.of(type));
        schema.put("type", "string");
        ArrayNode names = schema.putArray("enum");
        for (EnumValueDescriptor value : JsonNames.shown(type.getValues(), view)) {
            names.add(JsonNames.of(value, view));
            text.append("\n- `").append(JsonNames.of(value, view)).append('`');
            String comment = Comments.oneLine(comments.of(value));
            text.append(comment.isEmpty() ? "" : ": " + comment);
        }
        schema.put("description", text.toString().replaceFirst("\n- ", "\n\n- ").strip());
    }
}
