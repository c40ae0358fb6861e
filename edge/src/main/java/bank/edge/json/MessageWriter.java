package bank.edge.json;

import bank.edge.json.MessagePlan.Shape;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes wire bytes straight to JSON. Fields are expected in ascending order, each once, as every serializer writes
/// them. Where that does not hold, which is as valid, all is written anew with care: each message is looked at before
/// it is written, and put into order first if need be.
final class MessageWriter {
    private static final int DEPTH_MAX = 100;
    private static final byte[] TYPE = "\"@type\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VALUE = "\"value\":".getBytes(StandardCharsets.US_ASCII);

    private final Plans plans;
    private final JsonBuffer out;
    private int depth;
    private boolean careful;

    MessageWriter(Plans plans, JsonBuffer out) {
        this.plans = plans;
        this.out = out;
    }

    /// Writes a whole message as a value.
    void document(MessagePlan plan, byte[] wire) throws IOException {
        try {
            message(plan, wire, 0, wire.length);
        } catch (InvalidProtocolBufferException _) {
            // Out of order; or broken, which is told by what is broken when all else is in order.
            careful = true;
            depth = 0;
            out.truncate(0);
            message(plan, wire, 0, wire.length);
        }
    }

    private void message(MessagePlan plan, byte[] wire, int from, int to) throws IOException {
        if (++depth > DEPTH_MAX) {
            throw new InvalidProtocolBufferException("a message is nested deeper than " + DEPTH_MAX);
        }
        switch (plan.shape()) {
            case OBJECT -> {
                out.add('{');
                members(plan, wire, from, to);
                out.add('}');
            }
            case TIMESTAMP, DURATION, FIELD_MASK, DATE, DECIMAL ->
                TextForms.print(plan.shape(), plans.mode(), wire, from, to, out);
            case WRAPPER -> wrapped(plan.wrapped(), wire, from, to);
            case STRUCT, LIST_VALUE -> sole(plan, wire, from, to);
            case VALUE -> value(plan, wire, from, to);
            case ANY -> any(wire, from, to);
        }
        depth--;
    }

    /// Writes one field of a message as a value; one that would be left out, as one that is not set.
    void field(MessagePlan plan, FieldPlan field, byte[] wire) throws IOException {
        careful = true;
        byte[] ordered = isInOnePlace(plan, field, wire)
                ? wire
                : DynamicMessage.parseFrom(plan.type(), wire).toByteArray();
        var in = new WireCursor(ordered, 0, ordered.length);
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag >>> 3 != field.number || !fits(field, tag)) {
                in.skip(tag);
            } else if (values(field, in, tag)) {
                return;
            }
        }
        out.truncate(0);
        unset(field);
    }

    /// What the wire has of the field stands together, is its only value unless the field is repeated, and no other
    /// member of its oneof is there.
    private static boolean isInOnePlace(MessagePlan plan, FieldPlan field, byte[] wire)
            throws InvalidProtocolBufferException {
        var in = new WireCursor(wire, 0, wire.length);
        boolean seen = false;
        boolean gap = false;
        while (in.hasMore()) {
            int tag = in.tag();
            FieldPlan other = plan.byNumber(tag >>> 3);
            in.skip(tag);
            if (other == field && fits(field, tag)) {
                if (seen && (gap || !field.repeated)) {
                    return false;
                }
                seen = true;
                gap = false;
            } else {
                gap = true;
                if (other != null && other.oneof >= 0 && other.oneof == field.oneof) {
                    return false;
                }
            }
        }
        return true;
    }

    private void members(MessagePlan plan, byte[] wire, int from, int to) throws IOException {
        if (!careful || isOrdered(plan, wire, from, to)) {
            ordered(plan, wire, from, to);
        } else {
            byte[] inOrder = DynamicMessage.parseFrom(plan.type(), ByteString.copyFrom(wire, from, to - from))
                    .toByteArray();
            ordered(plan, inOrder, 0, inOrder.length);
        }
    }

    /// The fields ascend, each stands in one place, and of each oneof there is one member. Looked at before anything is
    /// written, for what is written twice at every level would be written very often in the end.
    private static boolean isOrdered(MessagePlan plan, byte[] wire, int from, int to)
            throws InvalidProtocolBufferException {
        var in = new WireCursor(wire, from, to);
        var members = new boolean[plan.oneofs()];
        FieldPlan last = null;
        boolean gap = false;
        while (in.hasMore()) {
            int tag = in.tag();
            FieldPlan field = plan.byNumber(tag >>> 3);
            in.skip(tag);
            if (field == null || !fits(field, tag)) {
                // Between the elements of a list, it would end the list.
                gap = true;
                continue;
            }
            boolean again = field == last;
            if (last != null && (field.index < last.index || (again && (gap || !field.repeated)))) {
                return false;
            }
            gap = false;
            if (field.oneof >= 0 && !again) {
                if (members[field.oneof]) {
                    return false;
                }
                members[field.oneof] = true;
            }
            last = field;
        }
        return true;
    }

    /// Writes the members of a message whose fields ascend.
    private void ordered(MessagePlan plan, byte[] wire, int from, int to) throws IOException {
        FieldPlan[] fields = plan.fields();
        var in = new WireCursor(wire, from, to);
        int next = 0;
        boolean[] members = plan.oneofs() == 0 ? null : new boolean[plan.oneofs()];
        while (in.hasMore()) {
            int tag = in.tag();
            FieldPlan field = plan.byNumber(tag >>> 3);
            if (field == null || !fits(field, tag)) {
                in.skip(tag);
                continue;
            }
            if (field.index < next || (members != null && isSecond(field, members))) {
                if (!careful) {
                    throw new InvalidProtocolBufferException("the fields are out of order");
                }
                // Left over by the ordering: a number that a closed enum does not have.
                in.skip(tag);
                continue;
            }
            for (; next < field.index; next++) {
                missing(fields[next]);
            }
            next = field.index + 1;
            int before = out.size();
            out.name(field.printedName);
            if (!values(field, in, tag)) {
                out.truncate(before);
            }
        }
        for (; next < fields.length; next++) {
            missing(fields[next]);
        }
    }

    /// Another member of its oneof was there before.
    private static boolean isSecond(FieldPlan field, boolean[] members) {
        if (field.oneof < 0) {
            return false;
        }
        boolean second = members[field.oneof];
        members[field.oneof] = true;
        return second;
    }

    private static boolean fits(FieldPlan field, int tag) {
        return tag == field.tag
                || (field.repeated
                        && tag == field.packedTag
                        && !field.isMessage()
                        && field.type != FieldDescriptor.Type.STRING
                        && field.type != FieldDescriptor.Type.BYTES);
    }

    private void missing(FieldPlan field) throws IOException {
        if (field.printsDefault) {
            out.name(field.printedName);
            unset(field);
        }
    }

    /// The value of a field that is not set.
    private void unset(FieldPlan field) throws IOException {
        if (field.map) {
            out.add('{');
            out.add('}');
        } else if (field.repeated) {
            out.add('[');
            out.add(']');
        } else if (field.isMessage()) {
            message(field.message(), new byte[0], 0, 0);
        } else {
            switch (field.type) {
                case STRING, BYTES -> out.text("");
                case BOOL -> out.bool(false);
                case DOUBLE -> out.number(0.0);
                case FLOAT -> out.number(0.0f);
                case ENUM -> enumValue(field.enums(), 0);
                case INT64, UINT64, SINT64, FIXED64, SFIXED64 -> out.integer(0, field.longsQuoted);
                default -> out.integer(0);
            }
        }
    }

    /// Writes the value at the cursor, with all that follow if the field is repeated; false when nothing is printed.
    private boolean values(FieldPlan field, WireCursor in, int firstTag) throws IOException {
        if (field.map) {
            return map(field, in);
        }
        if (field.repeated) {
            return list(field, in, firstTag);
        }
        return single(field, in);
    }

    private boolean single(FieldPlan field, WireCursor in) throws IOException {
        if (field.type == FieldDescriptor.Type.ENUM) {
            int number = in.int32();
            boolean leftOut = number == 0 && !field.presence && !field.printsDefault;
            if (leftOut || field.enums().isUnspecified(number) || !field.enums().holds(number)) {
                return false;
            }
            enumValue(field.enums(), number);
            return true;
        }
        if (field.presence) {
            element(field, in);
            return true;
        }
        int before = in.position();
        element(field, in);
        return field.printsDefault || !isDefault(field, in, before);
    }

    /// A serializer of another language may write defaults that standard mode leaves out.
    private static boolean isDefault(FieldPlan field, WireCursor in, int from) {
        return switch (field.type) {
            case DOUBLE, FLOAT, FIXED32, FIXED64, SFIXED32, SFIXED64 -> in.isZero(from, in.position());
            // A zero, or the length of nothing, may take more bytes than one.
            default -> in.isZeroVarint(from);
        };
    }

    private boolean list(FieldPlan field, WireCursor in, int firstTag) throws IOException {
        out.add('[');
        int before = out.size();
        int tag = firstTag;
        while (true) {
            if (tag == field.tag) {
                listElement(field, in);
            } else {
                int end = in.beginRun();
                while (in.position() < end) {
                    listElement(field, in);
                }
                in.endRun(end);
            }
            int mark = in.position();
            if (!in.hasMore()) {
                break;
            }
            tag = in.tag();
            if (tag >>> 3 != field.number || !fits(field, tag)) {
                in.moveTo(mark);
                break;
            }
        }
        boolean empty = out.size() == before;
        out.add(']');
        return !empty || field.printsDefault;
    }

    private void listElement(FieldPlan field, WireCursor in) throws IOException {
        if (field.type == FieldDescriptor.Type.ENUM) {
            int number = in.int32();
            if (field.enums().holds(number)) {
                out.separate();
                enumValue(field.enums(), number);
            }
        } else {
            out.separate();
            element(field, in);
        }
    }

    private boolean map(FieldPlan field, WireCursor in) throws IOException {
        FieldPlan keys = field.message().fields()[0];
        FieldPlan values = field.message().fields()[1];
        // Of several entries with one key, the last counts.
        Map<String, int[]> entries = new LinkedHashMap<>();
        while (true) {
            int length = in.length();
            int end = in.position() + length;
            int[] entry = {in.position(), end};
            entries.put(mapKey(keys, new WireCursor(in.wire(), entry[0], end)), entry);
            in.moveTo(end);
            int mark = in.position();
            if (!in.hasMore() || in.tag() != field.tag) {
                in.moveTo(mark);
                break;
            }
        }
        out.add('{');
        int begin = out.size();
        for (var entry : entries.entrySet()) {
            int before = out.size();
            out.separate();
            out.text(entry.getKey());
            out.add(':');
            if (!mapValue(values, new WireCursor(in.wire(), entry.getValue()[0], entry.getValue()[1]))) {
                out.truncate(before);
            }
        }
        boolean empty = out.size() == begin;
        out.add('}');
        return !empty || field.printsDefault;
    }

    private static String mapKey(FieldPlan keys, WireCursor entry) throws InvalidProtocolBufferException {
        String key = switch (keys.type) {
            case STRING -> "";
            case BOOL -> "false";
            default -> "0";
        };
        while (entry.hasMore()) {
            int tag = entry.tag();
            if (tag != keys.tag) {
                entry.skip(tag);
                continue;
            }
            key = switch (keys.type) {
                case STRING -> entry.string();
                case BOOL -> Boolean.toString(entry.varint() != 0);
                case INT32 -> Integer.toString(entry.int32());
                case UINT32 -> Integer.toUnsignedString(entry.int32());
                case SINT32 -> Integer.toString(zigzag32(entry.int32()));
                case INT64 -> Long.toString(entry.varint());
                case UINT64 -> Long.toUnsignedString(entry.varint());
                case SINT64 -> Long.toString(zigzag(entry.varint()));
                case FIXED32 -> Integer.toUnsignedString(entry.fixed32());
                case SFIXED32 -> Integer.toString(entry.fixed32());
                case FIXED64 -> Long.toUnsignedString(entry.fixed64());
                case SFIXED64 -> Long.toString(entry.fixed64());
                case DOUBLE, FLOAT, BYTES, ENUM, MESSAGE, GROUP ->
                    throw new InvalidProtocolBufferException("no type of a key: " + keys.type);
            };
        }
        return key;
    }

    private boolean mapValue(FieldPlan values, WireCursor entry) throws IOException {
        int begin = out.size();
        boolean found = false;
        while (entry.hasMore()) {
            int tag = entry.tag();
            if (tag != values.tag) {
                entry.skip(tag);
                continue;
            }
            out.truncate(begin);
            found = true;
            if (values.type == FieldDescriptor.Type.ENUM) {
                int number = entry.int32();
                if (!values.enums().holds(number)) {
                    return false;
                }
                enumValue(values.enums(), number);
            } else {
                element(values, entry);
            }
        }
        if (!found) {
            unset(values);
        }
        return true;
    }

    private static int zigzag32(int value) {
        return (value >>> 1) ^ -(value & 1);
    }

    private static long zigzag(long value) {
        return (value >>> 1) ^ -(value & 1);
    }

    /// Writes one value.
    private void element(FieldPlan field, WireCursor in) throws IOException {
        switch (field.type) {
            case INT32 -> out.integer(in.int32());
            case SINT32 -> out.integer(zigzag32(in.int32()));
            case UINT32 -> out.integer(in.int32() & 0xFFFF_FFFFL);
            case FIXED32 -> out.integer(in.fixed32() & 0xFFFF_FFFFL);
            case SFIXED32 -> out.integer(in.fixed32());
            case INT64 -> out.integer(in.varint(), field.longsQuoted);
            case SINT64 -> out.integer(zigzag(in.varint()), field.longsQuoted);
            case UINT64 -> out.unsigned(in.varint(), field.longsQuoted);
            case FIXED64 -> out.unsigned(in.fixed64(), field.longsQuoted);
            case SFIXED64 -> out.integer(in.fixed64(), field.longsQuoted);
            case DOUBLE -> out.number(Double.longBitsToDouble(in.fixed64()));
            case FLOAT -> out.number(Float.intBitsToFloat(in.fixed32()));
            case BOOL -> out.bool(in.varint() != 0);
            case STRING -> string(in);
            case BYTES -> bytes(in);
            case ENUM -> enumValue(field.enums(), in.int32());
            case MESSAGE -> submessage(field, in);
            case GROUP -> group(field, in);
        }
    }

    private void string(WireCursor in) throws InvalidProtocolBufferException {
        int length = in.length();
        int begin = in.position();
        in.moveTo(begin + length);
        out.text(in.wire(), begin, begin + length);
    }

    private void bytes(WireCursor in) throws InvalidProtocolBufferException {
        int length = in.length();
        int begin = in.position();
        in.moveTo(begin + length);
        out.base64(in.wire(), begin, begin + length);
    }

    private void submessage(FieldPlan field, WireCursor in) throws IOException {
        int length = in.length();
        int begin = in.position();
        in.moveTo(begin + length);
        message(field.message(), in.wire(), begin, begin + length);
    }

    private void group(FieldPlan field, WireCursor in) throws IOException {
        int begin = in.position();
        int end = in.endOfGroup(field.number);
        message(field.message(), in.wire(), begin, end);
    }

    private void enumValue(EnumPlan enums, int number) {
        byte @Nullable [] name = enums.print(number);
        if (enums.isNullValue()) {
            out.nothing();
        } else if (name == null) {
            out.integer(number);
        } else {
            out.add(name);
        }
    }

    private void wrapped(FieldPlan field, byte[] wire, int from, int to) throws IOException {
        int begin = out.size();
        boolean found = false;
        var in = new WireCursor(wire, from, to);
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == field.tag) {
                out.truncate(begin);
                element(field, in);
                found = true;
            } else {
                in.skip(tag);
            }
        }
        if (!found) {
            unset(field);
        }
    }

    /// A Struct or ListValue: its one field, bare.
    private void sole(MessagePlan plan, byte[] wire, int from, int to) throws IOException {
        FieldPlan field = plan.fields()[0];
        var in = new WireCursor(wire, from, to);
        boolean found = false;
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == field.tag && !found) {
                values(field, in, tag);
                found = true;
            } else if (tag == field.tag) {
                throw new InvalidProtocolBufferException("the values do not stand together");
            } else {
                in.skip(tag);
            }
        }
        if (!found) {
            unset(field);
        }
    }

    private void value(MessagePlan plan, byte[] wire, int from, int to) throws IOException {
        var in = new WireCursor(wire, from, to);
        int begin = out.size();
        boolean found = false;
        while (in.hasMore()) {
            int tag = in.tag();
            FieldPlan field = plan.byNumber(tag >>> 3);
            if (field == null || tag != field.tag) {
                in.skip(tag);
                continue;
            }
            out.truncate(begin);
            found = true;
            if (field.type == FieldDescriptor.Type.DOUBLE) {
                double number = Double.longBitsToDouble(in.fixed64());
                if (!Double.isFinite(number)) {
                    throw new InvalidProtocolBufferException("a Value holds a number that JSON does not have");
                }
                out.number(number);
            } else {
                element(field, in);
            }
        }
        if (!found) {
            throw new InvalidProtocolBufferException("a Value holds nothing");
        }
    }

    private void any(byte[] wire, int from, int to) throws IOException {
        String url = "";
        int begin = 0;
        int end = 0;
        var in = new WireCursor(wire, from, to);
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == ((1 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                url = in.string();
            } else if (tag == ((2 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                int length = in.length();
                begin = in.position();
                end = begin + length;
                in.moveTo(end);
            } else {
                in.skip(tag);
            }
        }
        out.add('{');
        if (!url.isEmpty()) {
            MessagePlan packed = plans.named(url);
            if (packed == null) {
                throw new InvalidProtocolBufferException("Any of an unknown type " + url);
            }
            out.add(TYPE);
            out.text(url);
            if (packed.shape() == Shape.OBJECT) {
                members(packed, wire, begin, end);
            } else {
                out.separate();
                out.add(VALUE);
                message(packed, wire, begin, end);
            }
        } else if (end > begin) {
            throw new InvalidProtocolBufferException("Any without a type");
        }
        out.add('}');
    }
}
