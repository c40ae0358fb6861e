package bank.edge.json;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import ch.randelshofer.fastdoubleparser.JavaFloatParser;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/// Numbers read exactly from their text in the JSON grammar.
final class Numbers {
    private static final int LENGTH_MAX = 400;
    // What an unsigned long holds whatever the digits are; a signed one turns negative when it does not.
    private static final int PLAIN_DIGITS_MAX = 19;
    // More than that many digits hold.
    private static final long NOT_PLAIN = -1;
    private static final int DIGITS_MAX = 20;
    private static final int UNSIGNED_DIGITS_MAX = 20;
    // Ten times as much and a digit fit an unsigned long.
    private static final long UNSIGNED_TENS = 1_844_674_407_370_955_161L;

    private Numbers() {}

    static long signed32(byte[] text, int from, int to) throws BadValueException {
        return integer(text, from, to, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    static long unsigned32(byte[] text, int from, int to) throws BadValueException {
        return integer(text, from, to, 0, 0xFFFF_FFFFL);
    }

    static long signed64(byte[] text, int from, int to) throws BadValueException {
        return integer(text, from, to, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    static long unsigned64(byte[] text, int from, int to) throws BadValueException {
        long plain = plain(text, from, to);
        if (plain != NOT_PLAIN) {
            return plain;
        }
        if (to - from == UNSIGNED_DIGITS_MAX) {
            long tens = plain(text, from, to - 1);
            int ones = text[to - 1] - '0';
            if (tens >= 0 && tens < UNSIGNED_TENS && ones >= 0 && ones <= 9) {
                return tens * 10 + ones;
            }
        }
        return exact(
                        text,
                        from,
                        to,
                        BigInteger.ZERO,
                        BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE))
                .longValue();
    }

    private static long integer(byte[] text, int from, int to, long min, long max) throws BadValueException {
        int digits = from < to && text[from] == '-' ? from + 1 : from;
        long value = plain(text, digits, to);
        long signed = digits == from ? value : -value;
        if (value >= 0 && signed >= min && signed <= max) {
            return signed;
        }
        return exact(text, from, to, BigInteger.valueOf(min), BigInteger.valueOf(max))
                .longValue();
    }

    /// The value of one digit or more, without a leading zero, as an unsigned long; [#NOT_PLAIN] for anything else.
    private static long plain(byte[] text, int from, int to) {
        int length = to - from;
        if (length < 1 || length > PLAIN_DIGITS_MAX || (text[from] == '0' && length > 1)) {
            return NOT_PLAIN;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return NOT_PLAIN;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /// Whole numbers in any form: `12`, `12.0` and `1e3`, never `1.5`.
    private static BigInteger exact(byte[] text, int from, int to, BigInteger min, BigInteger max)
            throws BadValueException {
        BigDecimal number = new BigDecimal(grammatical(text, from, to, "a whole number")).stripTrailingZeros();
        if (number.scale() > 0) {
            throw new BadValueException("expected a whole number");
        }
        // Measured before it is made: 1e999999999 would not fit into memory.
        boolean fits = (long) number.precision() - number.scale() <= DIGITS_MAX;
        BigInteger exact = fits ? number.toBigIntegerExact() : BigInteger.ZERO;
        if (!fits || exact.compareTo(min) < 0 || exact.compareTo(max) > 0) {
            throw new BadValueException("expected a number from " + min + " to " + max);
        }
        return exact;
    }

    static double float64(byte[] text, int from, int to) throws BadValueException {
        requireNumber(text, from, to, "a number");
        double value = JavaDoubleParser.parseDouble(text, from, to - from);
        if (Double.isInfinite(value)) {
            throw new BadValueException("expected a number within the range of a double");
        }
        return value;
    }

    static float float32(byte[] text, int from, int to) throws BadValueException {
        requireNumber(text, from, to, "a number");
        float value = JavaFloatParser.parseFloat(text, from, to - from);
        if (Float.isInfinite(value)) {
            throw new BadValueException("expected a number within the range of a float");
        }
        return value;
    }

    /// The text, checked to be a number by the grammar of JSON: a string may hold anything.
    static String grammatical(byte[] text, int from, int to, String expected) throws BadValueException {
        requireNumber(text, from, to, expected);
        return new String(text, from, to - from, StandardCharsets.US_ASCII);
    }

    private static void requireNumber(byte[] text, int from, int to, String expected) throws BadValueException {
        if (to - from > LENGTH_MAX) {
            throw new BadValueException("expected " + expected + " of at most " + LENGTH_MAX + " characters");
        }
        if (!isNumber(text, from, to)) {
            throw new BadValueException("expected " + expected);
        }
    }

    private static boolean isNumber(byte[] text, int from, int to) {
        int i = from < to && text[from] == '-' ? from + 1 : from;
        int integer = i;
        i = digits(text, i, to);
        if (i == integer || (text[integer] == '0' && i - integer > 1)) {
            return false;
        }
        if (i < to && text[i] == '.') {
            int fraction = i + 1;
            i = digits(text, fraction, to);
            if (i == fraction) {
                return false;
            }
        }
        if (i < to && (text[i] == 'e' || text[i] == 'E')) {
            int exponent = i + 1;
            if (exponent < to && (text[exponent] == '+' || text[exponent] == '-')) {
                exponent++;
            }
            i = digits(text, exponent, to);
            // More digits than fit an int would stop BigDecimal.
            if (i == exponent || i - exponent > 9) {
                return false;
            }
        }
        return i == to;
    }

    private static int digits(byte[] text, int from, int to) {
        int i = from;
        while (i < to && text[i] >= '0' && text[i] <= '9') {
            i++;
        }
        return i;
    }
}
