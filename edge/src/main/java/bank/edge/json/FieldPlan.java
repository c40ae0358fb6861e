package bank.edge.json;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import org.jspecify.annotations.Nullable;

/// How a field is read and written.
final class FieldPlan {
    final String name;
    final int number;
    /// Position among the message's fields by ascending number.
    final int index;
    final FieldDescriptor.Type type;
    final boolean repeated;
    final boolean map;
    /// Written as one packed run.
    final boolean packed;
    /// Whether it is set can be told, so that a default is written too.
    final boolean presence;
    /// Printed when it is not set.
    final boolean printsDefault;
    /// Number of the oneof it is a member of; -1 for none.
    final int oneof;
    /// Tag of a single value, as on the wire.
    final int tag;
    /// Tag of a packed run.
    final int packedTag;
    /// Name as printed, with quotes and colon.
    final PrintedName printedName;
    /// Null is a value of it, and not the absence of one.
    final boolean takesNull;
    /// 64-bit integers are printed as strings.
    final boolean longsQuoted;
    /// Of an enum field.
    final @Nullable EnumPlan enums;
    /// Text of a string field, checked to be UTF-8.
    final boolean utf8;
    private @Nullable MessagePlan message;

    FieldPlan(FieldDescriptor field, int index, int oneof, JsonMode mode) {
        boolean house = mode == JsonMode.HOUSE;
        this.name = field.getName();
        this.number = field.getNumber();
        this.index = index;
        this.type = field.getType();
        this.repeated = field.isRepeated();
        this.map = field.isMapField();
        this.packed = field.isPacked();
        this.presence = field.hasPresence();
        this.oneof = oneof;
        this.tag = (number << 3) | wireType(type);
        this.packedTag = (number << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED;
        this.printedName = new PrintedName(house ? name : field.getJsonName());
        this.enums = type == FieldDescriptor.Type.ENUM ? new EnumPlan(field.getEnumType(), mode) : null;
        this.takesNull = type == FieldDescriptor.Type.ENUM
                ? enums != null && enums.isNullValue()
                : type == FieldDescriptor.Type.MESSAGE
                        && field.getMessageType().getFullName().equals("google.protobuf.Value");
        this.longsQuoted = !house;
        this.utf8 = type == FieldDescriptor.Type.STRING;
        this.printsDefault = house && (repeated || (!presence && !(enums != null && enums.isUnspecified(0))));
    }

    static int wireType(FieldDescriptor.Type type) {
        return switch (type) {
            case INT32, INT64, UINT32, UINT64, SINT32, SINT64, BOOL, ENUM -> WireFormat.WIRETYPE_VARINT;
            case FIXED32, SFIXED32, FLOAT -> WireFormat.WIRETYPE_FIXED32;
            case FIXED64, SFIXED64, DOUBLE -> WireFormat.WIRETYPE_FIXED64;
            case STRING, BYTES, MESSAGE -> WireFormat.WIRETYPE_LENGTH_DELIMITED;
            case GROUP -> WireFormat.WIRETYPE_START_GROUP;
        };
    }

    /// Its values are messages.
    boolean isMessage() {
        return type == FieldDescriptor.Type.MESSAGE || type == FieldDescriptor.Type.GROUP;
    }

    /// It is on the wire between tags of its own, without a length.
    boolean isGroup() {
        return type == FieldDescriptor.Type.GROUP;
    }

    /// It is one message with a member for each field, so that paths of fields lead on through it.
    boolean leadsOn() {
        return !repeated && isMessage() && message().shape() == MessagePlan.Shape.OBJECT;
    }

    /// Its values are written as text, not as JSON of their own.
    boolean isText() {
        return !isMessage() || message().shape().isText() || message().shape() == MessagePlan.Shape.WRAPPER;
    }

    /// Plan of its message type.
    MessagePlan message() {
        if (message == null) {
            throw new IllegalStateException(name + " is no message");
        }
        return message;
    }

    EnumPlan enums() {
        if (enums == null) {
            throw new IllegalStateException(name + " is no enum");
        }
        return enums;
    }

    void link(MessagePlan plan) {
        message = plan;
    }
}
