package bank.edge.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.io.IOException;
import java.util.Set;

/// Reads JSON of any shape: `google.protobuf.Struct`, `Value` and `ListValue`.
final class FreeFormReader {
    private static final Set<String> TYPES =
            Set.of("google.protobuf.Struct", "google.protobuf.Value", "google.protobuf.ListValue");

    private final JsonParser json;
    private final Violations violations;

    FreeFormReader(JsonParser json, Violations violations) {
        this.json = json;
        this.violations = violations;
    }

    static boolean isFreeForm(Descriptor type) {
        return TYPES.contains(type.getFullName());
    }

    Message read(Message.Builder into, FieldPath path) throws IOException, BadValueException {
        Message generated = switch (into.getDescriptorForType().getName()) {
            case "Struct" -> struct(path);
            case "ListValue" -> list(path);
            default -> value(path);
        };
        try {
            return into.mergeFrom(generated.toByteString()).build();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private Struct struct(FieldPath path) throws IOException, BadValueException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new BadValueException("expected an object");
        }
        var struct = Struct.newBuilder();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            if (!Scalars.isWellFormed(name)) {
                violations.add(path, "a member's name is no well-formed Unicode text");
                json.skipChildren();
            } else if (struct.containsFields(name)) {
                violations.add(path.key(name), "given twice");
                json.skipChildren();
            } else {
                struct.putFields(name, value(path.key(name)));
            }
        }
        return struct.build();
    }

    private ListValue list(FieldPath path) throws IOException, BadValueException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw new BadValueException("expected an array");
        }
        var list = ListValue.newBuilder();
        for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
            list.addValues(value(path.index(i)));
        }
        return list.build();
    }

    private Value value(FieldPath path) throws IOException {
        var value = Value.newBuilder();
        try {
            switch (json.currentToken()) {
                case START_OBJECT -> value.setStructValue(struct(path));
                case START_ARRAY -> value.setListValue(list(path));
                case VALUE_STRING -> value.setStringValue(Scalars.string(json.getText()));
                case VALUE_TRUE, VALUE_FALSE -> value.setBoolValue(json.getBooleanValue());
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                    double number = Double.parseDouble(json.getText());
                    if (Double.isInfinite(number)) {
                        throw new BadValueException("expected a number within the range of a double");
                    }
                    value.setNumberValue(number);
                }
                default -> value.setNullValue(NullValue.NULL_VALUE);
            }
        } catch (BadValueException e) {
            violations.add(path, e.expectation());
        }
        return value.build();
    }
}
