package bank.edge.json;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Arrays;

/// Scalar values from text to wire bytes: a JSON string or number, a query parameter, a path variable, a form field.
final class Scalars {
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};

    private Scalars() {}

    /// Writes the value that a JSON string stands for; the text is UTF-8.
    ///
    /// @param tagged with its tag
    /// @param defaults also when it is the default
    static void write(FieldPlan field, byte[] text, int from, int to, boolean tagged, boolean defaults, WireBuffer out)
            throws BadValueException {
        switch (field.type) {
            case STRING -> {
                if (to > from || defaults) {
                    tag(field, tagged, out);
                    out.varint(to - from);
                    out.bytes(text, from, to);
                }
            }
            case BYTES -> {
                if (to > from || defaults) {
                    tag(field, tagged, out);
                    int length = out.beginLength();
                    Base64Text.decode(text, from, to, out);
                    out.endLength(length);
                }
            }
            case ENUM -> {
                int number = field.enums().byName(text, from, to);
                if (number != 0 || defaults) {
                    tag(field, tagged, out);
                    out.varint(number);
                }
            }
            case DOUBLE, FLOAT -> {
                if (!special(field, text, from, to, tagged, out)) {
                    writeNumber(field, text, from, to, tagged, defaults, out);
                }
            }
            default -> writeNumber(field, text, from, to, tagged, defaults, out);
        }
    }

    /// Writes the value of a text outside of JSON, where numbers and booleans have no form of their own.
    static void writeText(FieldPlan field, byte[] text, boolean defaults, WireBuffer out) throws BadValueException {
        switch (field.type) {
            case BOOL -> {
                boolean value = bool(text, 0, text.length);
                if (value || defaults) {
                    out.varint(field.tag);
                    out.varint(value ? 1 : 0);
                }
            }
            case ENUM -> {
                boolean number = text.length > 0 && (text[0] == '-' || (text[0] >= '0' && text[0] <= '9'));
                if (number) {
                    writeNumber(field, text, 0, text.length, true, defaults, out);
                } else {
                    write(field, text, 0, text.length, true, defaults, out);
                }
            }
            default -> write(field, text, 0, text.length, true, defaults, out);
        }
    }

    static boolean bool(byte[] text, int from, int to) throws BadValueException {
        if (Arrays.equals(TRUE, 0, TRUE.length, text, from, to)) {
            return true;
        }
        if (Arrays.equals(FALSE, 0, FALSE.length, text, from, to)) {
            return false;
        }
        throw new BadValueException("expected true or false");
    }

    /// Writes the value of a number.
    static void writeNumber(
            FieldPlan field, byte[] text, int from, int to, boolean tagged, boolean defaults, WireBuffer out)
            throws BadValueException {
        switch (field.type) {
            case INT32 -> varint(field, Numbers.signed32(text, from, to), tagged, defaults, out);
            case SINT32, SINT64 -> {
                long value = field.type == FieldDescriptor.Type.SINT32
                        ? Numbers.signed32(text, from, to)
                        : Numbers.signed64(text, from, to);
                varint(field, (value << 1) ^ (value >> 63), tagged, defaults, out);
            }
            case UINT32 -> varint(field, Numbers.unsigned32(text, from, to), tagged, defaults, out);
            case INT64 -> varint(field, Numbers.signed64(text, from, to), tagged, defaults, out);
            case UINT64 -> varint(field, Numbers.unsigned64(text, from, to), tagged, defaults, out);
            case FIXED32 -> fixed32(field, (int) Numbers.unsigned32(text, from, to), tagged, defaults, out);
            case SFIXED32 -> fixed32(field, (int) Numbers.signed32(text, from, to), tagged, defaults, out);
            case FIXED64 -> fixed64(field, Numbers.unsigned64(text, from, to), tagged, defaults, out);
            case SFIXED64 -> fixed64(field, Numbers.signed64(text, from, to), tagged, defaults, out);
            case FLOAT ->
                fixed32(field, Float.floatToRawIntBits(Numbers.float32(text, from, to)), tagged, defaults, out);
            case DOUBLE ->
                fixed64(field, Double.doubleToRawLongBits(Numbers.float64(text, from, to)), tagged, defaults, out);
            case ENUM -> {
                int number = field.enums().byNumber(Numbers.signed32(text, from, to));
                varint(field, number, tagged, defaults, out);
            }
            case STRING, BYTES, BOOL, MESSAGE, GROUP ->
                throw new BadValueException("expected " + MessageReader.expected(field) + ", not a number");
        }
    }

    /// The values JSON has no numbers for.
    private static boolean special(FieldPlan field, byte[] text, int from, int to, boolean tagged, WireBuffer out) {
        double value;
        if (is("NaN", text, from, to)) {
            value = Double.NaN;
        } else if (is("Infinity", text, from, to)) {
            value = Double.POSITIVE_INFINITY;
        } else if (is("-Infinity", text, from, to)) {
            value = Double.NEGATIVE_INFINITY;
        } else {
            return false;
        }
        tag(field, tagged, out);
        if (field.type == FieldDescriptor.Type.FLOAT) {
            out.fixed32(Float.floatToRawIntBits((float) value));
        } else {
            out.fixed64(Double.doubleToRawLongBits(value));
        }
        return true;
    }

    private static boolean is(String word, byte[] text, int from, int to) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (text[i] != word.charAt(i - from)) {
                return false;
            }
        }
        return true;
    }

    private static void tag(FieldPlan field, boolean tagged, WireBuffer out) {
        if (tagged) {
            out.varint(field.tag);
        }
    }

    private static void varint(FieldPlan field, long value, boolean tagged, boolean defaults, WireBuffer out) {
        if (value != 0 || defaults) {
            tag(field, tagged, out);
            out.varint(value);
        }
    }

    private static void fixed32(FieldPlan field, int value, boolean tagged, boolean defaults, WireBuffer out) {
        if (value != 0 || defaults) {
            tag(field, tagged, out);
            out.fixed32(value);
        }
    }

    private static void fixed64(FieldPlan field, long value, boolean tagged, boolean defaults, WireBuffer out) {
        if (value != 0 || defaults) {
            tag(field, tagged, out);
            out.fixed64(value);
        }
    }
}
