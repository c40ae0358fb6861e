package bank.edge.json;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;

/// Values of scalar fields from text: a JSON string or number, a query parameter, a path variable, a form field.
final class Scalars {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,4})?");
    private static final int DIGITS_MAX = 20;
    private static final int NUMBER_LENGTH_MAX = 400;
    private static final BigInteger UINT32_MAX = BigInteger.valueOf(0xFFFF_FFFFL);
    private static final BigInteger UINT64_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private final EnumNames enums;

    Scalars(EnumNames enums) {
        this.enums = enums;
    }

    /// The value of a scalar field, as `Message.Builder#setField` takes it.
    Object parse(FieldDescriptor field, String text) throws BadValueException {
        return switch (field.getType()) {
            case INT32, SINT32, SFIXED32 ->
                integer(text, BigInteger.valueOf(Integer.MIN_VALUE), BigInteger.valueOf(Integer.MAX_VALUE))
                        .intValue();
            case UINT32, FIXED32 -> integer(text, BigInteger.ZERO, UINT32_MAX).intValue();
            case INT64, SINT64, SFIXED64 ->
                integer(text, BigInteger.valueOf(Long.MIN_VALUE), BigInteger.valueOf(Long.MAX_VALUE))
                        .longValue();
            case UINT64, FIXED64 -> integer(text, BigInteger.ZERO, UINT64_MAX).longValue();
            case DOUBLE -> doubleValue(text);
            case FLOAT -> floatValue(text);
            case BOOL -> bool(text);
            case STRING -> string(text);
            case BYTES -> bytes(text);
            case ENUM -> enumValue(field, text);
            case MESSAGE, GROUP -> throw new BadValueException("expected an object");
        };
    }

    /// Exact integers only: `12`, `12.0` and `1e3`, never `1.5`.
    static BigInteger integer(String text, BigInteger min, BigInteger max) throws BadValueException {
        BigDecimal number = decimal(text, "a whole number");
        BigDecimal stripped = number.stripTrailingZeros();
        if (stripped.scale() > 0) {
            throw new BadValueException("expected a whole number");
        }
        if (stripped.precision() - stripped.scale() > DIGITS_MAX) {
            throw new BadValueException("expected a number from " + min + " to " + max);
        }
        BigInteger exact = stripped.toBigIntegerExact();
        if (exact.compareTo(min) < 0 || exact.compareTo(max) > 0) {
            throw new BadValueException("expected a number from " + min + " to " + max);
        }
        return exact;
    }

    private static BigDecimal decimal(String text, String expected) throws BadValueException {
        if (text.length() > NUMBER_LENGTH_MAX || !NUMBER.matcher(text).matches()) {
            throw new BadValueException("expected " + expected);
        }
        return new BigDecimal(text);
    }

    private static Double doubleValue(String text) throws BadValueException {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> {
                double value = decimal(text, "a number").doubleValue();
                if (Double.isInfinite(value)) {
                    throw new BadValueException("expected a number within the range of a double");
                }
                yield value;
            }
        };
    }

    private static Float floatValue(String text) throws BadValueException {
        double wide = doubleValue(text);
        float value = (float) wide;
        if (Float.isInfinite(value) && !Double.isInfinite(wide)) {
            throw new BadValueException("expected a number within the range of a float");
        }
        return value;
    }

    static Boolean bool(String text) throws BadValueException {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BadValueException("expected true or false");
        };
    }

    static String string(String text) throws BadValueException {
        if (!isWellFormed(text)) {
            throw new BadValueException("expected well-formed Unicode text");
        }
        return text;
    }

    /// Has no lone surrogates, which UTF-8 cannot carry.
    static boolean isWellFormed(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /// Base64, standard or URL-safe, with or without padding.
    static ByteString bytes(String text) throws BadValueException {
        try {
            return ByteString.copyFrom(
                    Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/')));
        } catch (IllegalArgumentException _) {
            throw new BadValueException("expected base64");
        }
    }

    private Object enumValue(FieldDescriptor field, String text) throws BadValueException {
        if (!text.isEmpty() && text.toLowerCase(Locale.ROOT).equals(text.toUpperCase(Locale.ROOT))) {
            var number = integer(text, BigInteger.valueOf(Integer.MIN_VALUE), BigInteger.valueOf(Integer.MAX_VALUE));
            return enums.byNumber(field.getEnumType(), number.intValue());
        }
        return enums.byName(field.getEnumType(), text);
    }
}
