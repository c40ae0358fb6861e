package bank.edge.json;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a message type is read and written, worked out once.
final class MessagePlan {
    /// The forms JSON gives to messages.
    enum Shape {
        /// An object with a member for each field.
        OBJECT,
        TIMESTAMP,
        DURATION,
        FIELD_MASK,
        /// A message with the one field `value`, written as that.
        WRAPPER,
        STRUCT,
        LIST_VALUE,
        VALUE,
        ANY,
        /// `google.type.Date`, in house mode.
        DATE,
        /// `google.type.Decimal`, in house mode.
        DECIMAL;

        /// Is written as one string.
        boolean isText() {
            return switch (this) {
                case TIMESTAMP, DURATION, FIELD_MASK, DATE, DECIMAL -> true;
                case OBJECT, WRAPPER, STRUCT, LIST_VALUE, VALUE, ANY -> false;
            };
        }
    }

    private static final int DENSE_MAX = 256;

    private final Descriptor type;
    private final Shape shape;
    private final FieldPlan[] fields;
    private final int oneofs;
    private final @Nullable FieldPlan[] dense;
    private final NameTable<FieldPlan> names;
    private final Map<Integer, FieldPlan> sparse = new HashMap<>();

    MessagePlan(Descriptor type, JsonMode mode) {
        this.type = type;
        this.shape = shape(type, mode);
        List<OneofDescriptor> declared = type.getRealOneofs();
        this.oneofs = declared.size();
        List<FieldDescriptor> ascending = type.getFields().stream()
                .sorted(Comparator.comparingInt(FieldDescriptor::getNumber))
                .toList();
        fields = new FieldPlan[ascending.size()];
        var byName = new HashMap<String, FieldPlan>();
        for (int i = 0; i < fields.length; i++) {
            FieldDescriptor field = ascending.get(i);
            OneofDescriptor oneof = field.getRealContainingOneof();
            fields[i] = new FieldPlan(field, i, oneof == null ? -1 : declared.indexOf(oneof), mode);
            sparse.put(field.getNumber(), fields[i]);
        }
        for (int i = 0; i < fields.length; i++) {
            FieldDescriptor field = ascending.get(i);
            byName.putIfAbsent(mode == JsonMode.HOUSE ? field.getJsonName() : field.getName(), fields[i]);
        }
        // Where two fields claim one name, it is that of the one that is printed so.
        for (int i = 0; i < fields.length; i++) {
            FieldDescriptor field = ascending.get(i);
            byName.put(mode == JsonMode.HOUSE ? field.getName() : field.getJsonName(), fields[i]);
        }
        names = new NameTable<>(byName);
        int highest = fields.length == 0 ? 0 : fields[fields.length - 1].number;
        dense = new FieldPlan[Math.min(highest + 1, DENSE_MAX)];
        for (FieldPlan field : fields) {
            if (field.number < dense.length) {
                dense[field.number] = field;
            }
        }
    }

    private static Shape shape(Descriptor type, JsonMode mode) {
        boolean house = mode == JsonMode.HOUSE;
        return switch (type.getFullName()) {
            case "google.protobuf.Timestamp" -> Shape.TIMESTAMP;
            case "google.protobuf.Duration" -> Shape.DURATION;
            case "google.protobuf.FieldMask" -> Shape.FIELD_MASK;
            case "google.protobuf.Struct" -> Shape.STRUCT;
            case "google.protobuf.ListValue" -> Shape.LIST_VALUE;
            case "google.protobuf.Value" -> Shape.VALUE;
            case "google.protobuf.Any" -> Shape.ANY;
            case "google.protobuf.BoolValue",
                    "google.protobuf.BytesValue",
                    "google.protobuf.DoubleValue",
                    "google.protobuf.FloatValue",
                    "google.protobuf.Int32Value",
                    "google.protobuf.Int64Value",
                    "google.protobuf.StringValue",
                    "google.protobuf.UInt32Value",
                    "google.protobuf.UInt64Value" -> Shape.WRAPPER;
            case "google.type.Date" -> house ? Shape.DATE : Shape.OBJECT;
            case "google.type.Decimal" -> house ? Shape.DECIMAL : Shape.OBJECT;
            default -> Shape.OBJECT;
        };
    }

    Descriptor type() {
        return type;
    }

    Shape shape() {
        return shape;
    }

    /// The fields by ascending number.
    FieldPlan[] fields() {
        return fields;
    }

    /// How many oneofs there are.
    int oneofs() {
        return oneofs;
    }

    /// The one field of a wrapper.
    FieldPlan wrapped() {
        return fields[0];
    }

    @Nullable
    FieldPlan byNumber(int number) {
        return number < dense.length ? dense[number] : sparse.get(number);
    }

    /// The field of a name that the proto files give.
    ///
    /// @throws IllegalArgumentException when there is none
    FieldPlan named(String name) {
        for (FieldPlan field : fields) {
            if (field.name.equals(name)) {
                return field;
            }
        }
        throw new IllegalArgumentException(type.getFullName() + " has no field " + name);
    }

    @Nullable
    FieldPlan find(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return byName(bytes, 0, bytes.length);
    }

    @Nullable
    FieldPlan byName(byte[] bytes, int from, int to) {
        return names.find(bytes, from, to);
    }
}
