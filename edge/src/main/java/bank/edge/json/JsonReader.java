package bank.edge.json;

import bank.edge.route.ProtoFiles;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.HashSet;
import java.util.function.Consumer;

/// Reads one JSON value into a message. A value that does not fit is noted and passed over, so that all of them
/// are told at once; broken JSON ends the reading.
final class JsonReader {
    private final JsonParser json;
    private final FieldNames names;
    private final Scalars scalars;
    private final Violations violations;
    private final Consumer<FieldPath> present;
    private final FreeFormReader freeForm;
    private final ProtoFiles files;

    /// @param present is told the path of every field that has a value, outside of lists and maps
    JsonReader(
            JsonParser json,
            FieldNames names,
            Scalars scalars,
            ProtoFiles files,
            Violations violations,
            Consumer<FieldPath> present) {
        this.json = json;
        this.names = names;
        this.scalars = scalars;
        this.files = files;
        this.violations = violations;
        this.present = present;
        this.freeForm = new FreeFormReader(json, violations);
    }

    /// Reads the object at the current token.
    void message(Message.Builder into, FieldPath path) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            reject(path, "expected an object");
            return;
        }
        json.nextToken();
        members(into, path, present);
    }

    /// Reads members up to the end of the object, beginning at the current token.
    private void members(Message.Builder into, FieldPath path, Consumer<FieldPath> tell) throws IOException {
        var seen = new HashSet<FieldDescriptor>();
        for (; json.currentToken() == JsonToken.FIELD_NAME; json.nextToken()) {
            String name = json.currentName();
            FieldDescriptor field = names.find(into.getDescriptorForType(), name);
            json.nextToken();
            if (field == null) {
                reject(path.field(name), "unknown field");
            } else if (!seen.add(field)) {
                reject(path.field(field.getName()), "given twice");
            } else {
                field(into, field, path.field(field.getName()), tell);
            }
        }
    }

    void field(Message.Builder into, FieldDescriptor field, FieldPath path) throws IOException {
        field(into, field, path, present);
    }

    private void field(Message.Builder into, FieldDescriptor field, FieldPath path, Consumer<FieldPath> tell)
            throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL && !takesNull(field)) {
            tell.accept(path);
            return;
        }
        var oneof = field.getContainingOneof();
        if (oneof != null && into.hasOneof(oneof)) {
            reject(path, "excluded by " + into.getOneofFieldDescriptor(oneof).getName() + ", which is set too");
            return;
        }
        if (field.isMapField()) {
            tell.accept(path);
            map(into, field, path);
        } else if (field.isRepeated()) {
            tell.accept(path);
            list(into, field, path);
        } else if (isPlainMessage(field) && json.currentToken() == JsonToken.START_OBJECT) {
            if (json.nextToken() == JsonToken.END_OBJECT) {
                tell.accept(path);
            }
            var nested = into.newBuilderForField(field);
            members(nested, path, tell);
            into.setField(field, nested.build());
        } else {
            tell.accept(path);
            try {
                into.setField(field, value(into, field, path));
            } catch (BadValueException e) {
                reject(path, e.expectation());
            }
        }
    }

    private void list(Message.Builder into, FieldDescriptor field, FieldPath path) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            reject(path, "expected an array");
            return;
        }
        for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
            try {
                into.addRepeatedField(field, value(into, field, path.index(i)));
            } catch (BadValueException e) {
                reject(path.index(i), e.expectation());
            }
        }
    }

    private void map(Message.Builder into, FieldDescriptor field, FieldPath path) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            reject(path, "expected an object");
            return;
        }
        FieldDescriptor keys = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor values = field.getMessageType().findFieldByNumber(2);
        var seen = new HashSet<Object>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            FieldPath at = path.key(name);
            json.nextToken();
            try {
                Object key = scalars.parse(keys, name);
                if (!seen.add(key)) {
                    throw new BadValueException("given twice");
                }
                var entry = into.newBuilderForField(field);
                entry.setField(keys, key).setField(values, value(entry, values, at));
                into.addRepeatedField(field, entry.build());
            } catch (BadValueException e) {
                reject(at, e.expectation());
            }
        }
    }

    /// Reads one value: a field's own, an element of a list, a value of a map.
    private Object value(Message.Builder into, FieldDescriptor field, FieldPath path)
            throws IOException, BadValueException {
        if (field.getJavaType() == JavaType.MESSAGE) {
            return messageValue(into.newBuilderForField(field), path);
        }
        return switch (json.currentToken()) {
            case VALUE_STRING -> string(field);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(field);
            case VALUE_TRUE, VALUE_FALSE -> {
                if (field.getType() != FieldDescriptor.Type.BOOL) {
                    throw new BadValueException("expected " + expected(field) + ", not a boolean");
                }
                yield json.getBooleanValue();
            }
            case VALUE_NULL -> {
                if (field.getType() == FieldDescriptor.Type.ENUM && takesNull(field)) {
                    yield field.getEnumType().findValueByNumber(0);
                }
                throw new BadValueException("expected " + expected(field) + ", not null");
            }
            default -> throw new BadValueException("expected " + expected(field));
        };
    }

    private Object string(FieldDescriptor field) throws IOException, BadValueException {
        if (field.getType() == FieldDescriptor.Type.BOOL) {
            throw new BadValueException("expected true or false, not a string");
        }
        String text = json.getText();
        if (field.getType() == FieldDescriptor.Type.ENUM
                && !text.isEmpty()
                && text.chars().allMatch(Character::isDigit)) {
            throw new BadValueException("expected a name or a number, not a number in quotes");
        }
        return scalars.parse(field, text);
    }

    private Object number(FieldDescriptor field) throws IOException, BadValueException {
        return switch (field.getType()) {
            case STRING, BYTES, BOOL -> throw new BadValueException("expected " + expected(field) + ", not a number");
            default -> scalars.parse(field, json.getText());
        };
    }

    private Message messageValue(Message.Builder into, FieldPath path) throws IOException, BadValueException {
        Descriptor type = into.getDescriptorForType();
        if (WellKnownTypes.isText(type)) {
            boolean number = json.currentToken() == JsonToken.VALUE_NUMBER_INT
                    || json.currentToken() == JsonToken.VALUE_NUMBER_FLOAT;
            if (json.currentToken() != JsonToken.VALUE_STRING && !(number && WellKnownTypes.isDecimal(type))) {
                throw new BadValueException("expected a string");
            }
            return WellKnownTypes.parse(type, json.getText());
        }
        if (WellKnownTypes.isWrapper(type)) {
            FieldDescriptor wrapped = type.findFieldByName("value");
            return into.setField(wrapped, value(into, wrapped, path)).build();
        }
        if (FreeFormReader.isFreeForm(type)) {
            return freeForm.read(into, path);
        }
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new BadValueException("expected an object");
        }
        json.nextToken();
        if (type.getFullName().equals("google.protobuf.Any")) {
            return any(into, path);
        }
        members(into, path, _ -> {});
        return into.build();
    }

    /// An Any whose `@type` comes first.
    private Message any(Message.Builder into, FieldPath path) throws IOException, BadValueException {
        if (json.currentToken() == JsonToken.END_OBJECT) {
            return into.build();
        }
        if (!json.currentName().equals("@type") || json.nextToken() != JsonToken.VALUE_STRING) {
            passOverObject();
            throw new BadValueException("expected @type as the first member");
        }
        String url = json.getText();
        var type = files.message(url.substring(url.lastIndexOf('/') + 1));
        json.nextToken();
        if (type.isEmpty()) {
            passOverObject();
            throw new BadValueException("unknown @type");
        }
        var packed = com.google.protobuf.DynamicMessage.newBuilder(type.get());
        boolean plain = isPlain(type.get());
        if (plain) {
            members(packed, path, _ -> {});
        } else if (json.currentToken() == JsonToken.FIELD_NAME
                && json.currentName().equals("value")) {
            json.nextToken();
            packed.mergeFrom(messageValue(packed.clone(), path.field("value")));
            json.nextToken();
        }
        if (json.currentToken() != JsonToken.END_OBJECT) {
            passOverObject();
            throw new BadValueException("expected @type and value");
        }
        return into.setField(into.getDescriptorForType().findFieldByNumber(1), url)
                .setField(
                        into.getDescriptorForType().findFieldByNumber(2),
                        packed.build().toByteString())
                .build();
    }

    /// Leaves the object the parser is inside of, at whatever member.
    private void passOverObject() throws IOException {
        while (json.currentToken() != JsonToken.END_OBJECT) {
            json.skipChildren();
            json.nextToken();
        }
    }

    private void reject(FieldPath path, String description) throws IOException {
        violations.add(path, description);
        json.skipChildren();
    }

    private static boolean takesNull(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getFullName().equals("google.protobuf.Value");
            case ENUM -> field.getEnumType().getFullName().equals("google.protobuf.NullValue");
            default -> false;
        };
    }

    private static boolean isPlainMessage(FieldDescriptor field) {
        return field.getJavaType() == JavaType.MESSAGE && isPlain(field.getMessageType());
    }

    private static boolean isPlain(Descriptor type) {
        return !WellKnownTypes.isText(type)
                && !WellKnownTypes.isWrapper(type)
                && !FreeFormReader.isFreeForm(type)
                && !type.getFullName().equals("google.protobuf.Any");
    }

    private static String expected(FieldDescriptor field) {
        return switch (field.getType()) {
            case STRING -> "a string";
            case BYTES -> "base64 in a string";
            case BOOL -> "true or false";
            case ENUM -> "a name or a number";
            default -> "a number";
        };
    }
}
