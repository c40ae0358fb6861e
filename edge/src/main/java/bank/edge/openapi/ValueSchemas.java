package bank.edge.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.math.BigInteger;
import java.util.Set;

/// Schemas of single values by their protobuf types, as the codec reads and writes them.
final class ValueSchemas {
    private static final BigInteger UINT64_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    private static final long UINT32_MAX = (1L << 32) - 1;
    private static final String BASE64 = "^[A-Za-z0-9+/_-]*={0,2}$";
    private static final String DECIMAL = "^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$";
    private static final String DURATION = "^-?[0-9]{1,12}(\\.[0-9]{1,9})?s$";

    private final Schemas schemas;

    ValueSchemas(Schemas schemas) {
        this.schemas = schemas;
    }

    /// Schema of one value of a field.
    ///
    /// @param left paths of fields below it that are left out
    ObjectNode of(FieldDescriptor field, View view, Set<String> left) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        return switch (field.getType()) {
            case INT32, SINT32, SFIXED32 -> integer(schema, "int32", Integer.MIN_VALUE, Integer.MAX_VALUE);
            case UINT32, FIXED32 -> integer(schema, "uint32", 0, UINT32_MAX);
            case INT64, SINT64, SFIXED64 ->
                view.house()
                        ? integer(schema, "int64", Long.MIN_VALUE, Long.MAX_VALUE)
                        : text(schema, "int64", "^-?[0-9]{1,19}$", 20);
            case UINT64, FIXED64 ->
                view.house()
                        ? integer(schema, "uint64", 0, 0).put("maximum", UINT64_MAX)
                        : text(schema, "uint64", "^[0-9]{1,20}$", 20);
            case FLOAT, DOUBLE -> number(schema, field.getType() == FieldDescriptor.Type.FLOAT ? "float" : "double");
            case BOOL -> schema.put("type", "boolean");
            case STRING -> schema.put("type", "string").put("format", "text").put("maxLength", view.textMax());
            case BYTES ->
                schema.put("type", "string")
                        .put("contentEncoding", "base64")
                        .put("pattern", BASE64)
                        .put("maxLength", view.textMax());
            case ENUM ->
                field.getEnumType().getFullName().equals("google.protobuf.NullValue")
                        ? schema.put("type", "null")
                        : schemas.enumeration(field.getEnumType(), view);
            case MESSAGE, GROUP -> message(field.getMessageType(), view, left);
        };
    }

    /// Schema of a map's keys, which JSON writes as text.
    ObjectNode key(FieldDescriptor key, View view) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        return switch (key.getJavaType()) {
            case STRING -> schema.put("type", "string").put("format", "text").put("maxLength", view.textMax());
            case BOOLEAN -> {
                schema.put("type", "string").putArray("enum").add("true").add("false");
                yield schema;
            }
            default ->
                schema.put("type", "string").put("pattern", "^-?[0-9]{1,20}$").put("maxLength", 21);
        };
    }

    /// Schema of a message: that of the types which JSON writes in a form of their own, else a reference.
    ObjectNode message(Descriptor type, View view, Set<String> left) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        return switch (type.getFullName()) {
            case "google.protobuf.Timestamp" -> text(schema, "date-time", "", 40);
            case "google.protobuf.Duration" -> text(schema, "", DURATION, 24);
            case "google.protobuf.FieldMask" -> {
                schema.put("description", "Field names separated by commas.");
                yield text(schema, "text", "", view.textMax());
            }
            case "google.protobuf.Struct" -> schema.put("type", "object");
            case "google.protobuf.ListValue" -> {
                schema.put("type", "array").put("maxItems", view.textMax()).putObject("items");
                yield schema;
            }
            case "google.protobuf.Value" -> schema.put("description", "Any JSON value.");
            case "google.protobuf.Any" -> any(schema);
            case "google.protobuf.BoolValue",
                    "google.protobuf.BytesValue",
                    "google.protobuf.DoubleValue",
                    "google.protobuf.FloatValue",
                    "google.protobuf.Int32Value",
                    "google.protobuf.Int64Value",
                    "google.protobuf.StringValue",
                    "google.protobuf.UInt32Value",
                    "google.protobuf.UInt64Value" -> of(type.getFields().getFirst(), view, Set.of());
            case "google.type.Date" -> view.house() ? text(schema, "date", "", 10) : schemas.message(type, view, left);
            case "google.type.Decimal" ->
                view.house() ? text(schema, "", DECIMAL, 100) : schemas.message(type, view, left);
            default -> schemas.message(type, view, left);
        };
    }

    private static ObjectNode any(ObjectNode schema) {
        schema.put("type", "object").put("description", "A message of any type, which `@type` names by its URL.");
        schema.putArray("required").add("@type");
        schema.putObject("properties")
                .putObject("@type")
                .put("type", "string")
                .put("format", "uri-reference")
                .put("maxLength", 1024);
        return schema;
    }

    private static ObjectNode integer(ObjectNode schema, String format, long min, long max) {
        return schema.put("type", "integer")
                .put("format", format)
                .put("minimum", min)
                .put("maximum", max);
    }

    private static ObjectNode number(ObjectNode schema, String format) {
        schema.putArray("oneOf").addObject().put("type", "number").put("format", format);
        schema.withArray("oneOf")
                .addObject()
                .put("type", "string")
                .putArray("enum")
                .add("NaN")
                .add("Infinity")
                .add("-Infinity");
        return schema;
    }

    private static ObjectNode text(ObjectNode schema, String format, String pattern, long lengthMax) {
        schema.put("type", "string");
        if (!format.isEmpty()) {
            schema.put("format", format);
        }
        if (!pattern.isEmpty()) {
            schema.put("pattern", pattern);
        }
        return schema.put("maxLength", lengthMax);
    }
}
