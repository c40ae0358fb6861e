package bank.edge.json;

import bank.edge.route.ProtoFiles;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.List;

/// Writes messages as JSON in house mode.
final class JsonWriter {
    private final JsonGenerator json;
    private final ProtoFiles files;

    JsonWriter(JsonGenerator json, ProtoFiles files) {
        this.json = json;
        this.files = files;
    }

    void message(Message message) throws IOException {
        Descriptor type = message.getDescriptorForType();
        if (WellKnownTypes.isText(type)) {
            json.writeString(WellKnownTypes.print(message));
        } else if (WellKnownTypes.isWrapper(type)) {
            FieldDescriptor wrapped = type.findFieldByName("value");
            scalar(wrapped, message.getField(wrapped));
        } else {
            switch (type.getFullName()) {
                case "google.protobuf.Struct" -> value(type.findFieldByName("fields"), message);
                case "google.protobuf.ListValue" -> value(type.findFieldByName("values"), message);
                case "google.protobuf.Value" -> freeForm(message);
                case "google.protobuf.Any" -> any(message);
                default -> {
                    json.writeStartObject();
                    members(message);
                    json.writeEndObject();
                }
            }
        }
    }

    private void members(Message message) throws IOException {
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (printed(message, field)) {
                json.writeFieldName(field.getName());
                value(field, message);
            }
        }
    }

    /// Unset fields with presence are left out, and so is the enum value that stands for "not said".
    private static boolean printed(Message message, FieldDescriptor field) {
        if (field.isRepeated()) {
            return true;
        }
        if (field.hasPresence() && !message.hasField(field)) {
            return false;
        }
        return field.getJavaType() != JavaType.ENUM
                || !EnumNames.isUnspecified((EnumValueDescriptor) message.getField(field));
    }

    void value(FieldDescriptor field, Message message) throws IOException {
        if (field.isMapField()) {
            json.writeStartObject();
            for (Object entry : (List<?>) message.getField(field)) {
                mapEntry((Message) entry);
            }
            json.writeEndObject();
        } else if (field.isRepeated()) {
            json.writeStartArray();
            for (Object element : (List<?>) message.getField(field)) {
                scalar(field, element);
            }
            json.writeEndArray();
        } else {
            scalar(field, message.getField(field));
        }
    }

    private void mapEntry(Message entry) throws IOException {
        FieldDescriptor key = entry.getDescriptorForType().findFieldByNumber(1);
        FieldDescriptor value = entry.getDescriptorForType().findFieldByNumber(2);
        Object name = entry.getField(key);
        json.writeFieldName(
                switch (key.getType()) {
                    case UINT32, FIXED32 -> Integer.toUnsignedString((Integer) name);
                    case UINT64, FIXED64 -> Long.toUnsignedString((Long) name);
                    default -> name.toString();
                });
        scalar(value, entry.getField(value));
    }

    private void scalar(FieldDescriptor field, Object value) throws IOException {
        switch (field.getType()) {
            case INT32, SINT32, SFIXED32 -> json.writeNumber((Integer) value);
            case UINT32, FIXED32 -> json.writeNumber(Integer.toUnsignedLong((Integer) value));
            case INT64, SINT64, SFIXED64 -> json.writeNumber((Long) value);
            case UINT64, FIXED64 -> json.writeNumber(new BigDecimal(Long.toUnsignedString((Long) value)));
            case DOUBLE -> number((Double) value);
            case FLOAT -> number((Float) value);
            case BOOL -> json.writeBoolean((Boolean) value);
            case STRING -> json.writeString((String) value);
            case BYTES -> json.writeString(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
            case ENUM -> enumValue((EnumValueDescriptor) value);
            case MESSAGE, GROUP -> message((Message) value);
        }
    }

    private void number(double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeString(Double.toString(value));
        }
    }

    private void number(float value) throws IOException {
        if (Float.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeString(Float.toString(value));
        }
    }

    private void enumValue(EnumValueDescriptor value) throws IOException {
        if (value.getType().getFullName().equals("google.protobuf.NullValue")) {
            json.writeNull();
        } else if (value.getIndex() < 0) {
            json.writeNumber(value.getNumber());
        } else {
            json.writeString(EnumNames.print(value));
        }
    }

    /// A `Value`: whichever member is set, bare.
    private void freeForm(Message message) throws IOException {
        var oneof = message.getDescriptorForType().getOneofs().getFirst();
        if (message.hasOneof(oneof)) {
            FieldDescriptor field = message.getOneofFieldDescriptor(oneof);
            scalar(field, message.getField(field));
        } else {
            json.writeNull();
        }
    }

    private void any(Message message) throws IOException {
        Descriptor type = message.getDescriptorForType();
        var url = (String) message.getField(type.findFieldByNumber(1));
        var bytes = (ByteString) message.getField(type.findFieldByNumber(2));
        json.writeStartObject();
        if (!url.isEmpty()) {
            Descriptor packed = files.message(url.substring(url.lastIndexOf('/') + 1))
                    .orElseThrow(() -> new InvalidProtocolBufferException("Any of an unknown type " + url));
            Message content = DynamicMessage.parseFrom(packed, bytes);
            json.writeStringField("@type", url);
            if (packed.getFullName().startsWith("google.protobuf.")
                    && !packed.getFullName().endsWith(".Empty")) {
                json.writeFieldName("value");
                message(content);
            } else {
                members(content);
            }
        }
        json.writeEndObject();
    }
}
