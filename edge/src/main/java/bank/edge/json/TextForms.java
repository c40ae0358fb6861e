package bank.edge.json;

import bank.edge.json.MessagePlan.Shape;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;

/// Messages that JSON, query parameters and form fields write as one text: times, durations, masks, dates, decimals.
final class TextForms {
    private static final long SECONDS_PER_DAY = 86_400;
    private static final long TIMESTAMP_MIN = -62_135_596_800L;
    private static final long TIMESTAMP_MAX = 253_402_300_799L;
    private static final long DURATION_MAX = 315_576_000_000L;
    private static final int NANOS_PER_SECOND = 1_000_000_000;
    private static final int DECIMAL_LENGTH_MAX = 100;
    private static final String TIME_EXPECTED = "expected a time such as 2023-10-25T09:30:00Z";
    private static final String DURATION_EXPECTED = "expected a duration in seconds such as 1.5s";
    private static final String DATE_EXPECTED = "expected a date such as 2023-10-25";
    private static final String MASK_EXPECTED = "expected field names separated by commas";

    private TextForms() {}

    /// Writes the fields of the message that a text stands for.
    static void read(Shape shape, JsonMode mode, byte[] text, int from, int to, WireBuffer out)
            throws BadValueException {
        switch (shape) {
            case TIMESTAMP -> timestamp(new Digits(text, from, to, TIME_EXPECTED), out);
            case DURATION -> duration(text, from, to, out);
            case FIELD_MASK -> mask(mode, text, from, to, out);
            case DATE -> date(new Digits(text, from, to, DATE_EXPECTED), out);
            case DECIMAL -> decimal(text, from, to, out);
            case OBJECT, WRAPPER, STRUCT, LIST_VALUE, VALUE, ANY ->
                throw new IllegalArgumentException(shape + " has no text form");
        }
    }

    /// Prints the message of the wire bytes as a string in quotes.
    static void print(Shape shape, JsonMode mode, byte[] wire, int from, int to, JsonBuffer out) throws IOException {
        switch (shape) {
            case TIMESTAMP -> printTimestamp(wire, from, to, out);
            case DURATION -> printDuration(wire, from, to, out);
            case FIELD_MASK -> printMask(mode, wire, from, to, out);
            case DATE -> printDate(wire, from, to, out);
            case DECIMAL -> printDecimal(wire, from, to, out);
            case OBJECT, WRAPPER, STRUCT, LIST_VALUE, VALUE, ANY ->
                throw new IllegalArgumentException(shape + " has no text form");
        }
    }

    /// Reads digits at fixed places.
    private static final class Digits {
        private final byte[] text;
        private final int to;
        private final String expected;
        private int at;

        Digits(byte[] text, int from, int to, String expected) {
            this.text = text;
            this.at = from;
            this.to = to;
            this.expected = expected;
        }

        int number(int width) throws BadValueException {
            int value = 0;
            for (int i = 0; i < width; i++) {
                int digit = at < to ? text[at++] - '0' : -1;
                if (digit < 0 || digit > 9) {
                    throw new BadValueException(expected);
                }
                value = value * 10 + digit;
            }
            return value;
        }

        void literal(char wanted) throws BadValueException {
            if (!accept(wanted)) {
                throw new BadValueException(expected);
            }
        }

        boolean accept(char wanted) {
            if (at < to && text[at] == wanted) {
                at++;
                return true;
            }
            return false;
        }

        /// A fraction of a second after its point: one to nine digits.
        int nanos() throws BadValueException {
            int value = number(1);
            int digits = 1;
            while (at < to && text[at] >= '0' && text[at] <= '9' && digits < 9) {
                value = value * 10 + (text[at++] - '0');
                digits++;
            }
            for (; digits < 9; digits++) {
                value *= 10;
            }
            return value;
        }

        void end() throws BadValueException {
            if (at != to) {
                throw new BadValueException(expected);
            }
        }

        long day() throws BadValueException {
            int year = number(4);
            literal('-');
            int month = number(2);
            literal('-');
            int day = number(2);
            if (year == 0 && expected.equals(DATE_EXPECTED)) {
                throw new BadValueException(expected);
            }
            boolean leap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
            int last = switch (month) {
                case 1, 3, 5, 7, 8, 10, 12 -> 31;
                case 4, 6, 9, 11 -> 30;
                case 2 -> leap ? 29 : 28;
                default -> 0;
            };
            if (day < 1 || day > last) {
                throw new BadValueException("no such day in the calendar");
            }
            return LocalDate.of(year, month, day).toEpochDay();
        }
    }

    private static void timestamp(Digits text, WireBuffer out) throws BadValueException {
        long day = text.day();
        text.literal('T');
        int hour = text.number(2);
        text.literal(':');
        int minute = text.number(2);
        text.literal(':');
        int second = text.number(2);
        int nanos = text.accept('.') ? text.nanos() : 0;
        int offset = 0;
        if (!text.accept('Z')) {
            boolean east = text.accept('+');
            if (!east) {
                text.literal('-');
            }
            int hours = text.number(2);
            text.literal(':');
            int minutes = text.number(2);
            if (hours > 23 || minutes > 59) {
                throw new BadValueException("no such time in the calendar");
            }
            offset = (hours * 60 + minutes) * (east ? 60 : -60);
        }
        text.end();
        if (hour > 23 || minute > 59 || second > 59) {
            throw new BadValueException("no such time in the calendar");
        }
        long seconds = day * SECONDS_PER_DAY + hour * 3600L + minute * 60L + second - offset;
        if (seconds < TIMESTAMP_MIN || seconds > TIMESTAMP_MAX) {
            throw new BadValueException("expected a time from year 1 to 9999");
        }
        secondsAndNanos(seconds, nanos, out);
    }

    private static void secondsAndNanos(long seconds, int nanos, WireBuffer out) {
        varintField(1, seconds, out);
        varintField(2, nanos, out);
    }

    private static void varintField(int number, long value, WireBuffer out) {
        if (value != 0) {
            out.varint((number << 3) | WireFormat.WIRETYPE_VARINT);
            out.varint(value);
        }
    }

    private static void duration(byte[] text, int from, int to, WireBuffer out) throws BadValueException {
        int begin = from < to && text[from] == '-' ? from + 1 : from;
        int i = begin;
        long seconds = 0;
        while (i < to && text[i] >= '0' && text[i] <= '9') {
            seconds = seconds * 10 + (text[i++] - '0');
            if (seconds > DURATION_MAX) {
                throw new BadValueException("expected at most " + DURATION_MAX + "s");
            }
        }
        if (i == begin) {
            throw new BadValueException(DURATION_EXPECTED);
        }
        var rest = new Digits(text, i, to, DURATION_EXPECTED);
        int nanos = rest.accept('.') ? rest.nanos() : 0;
        rest.literal('s');
        rest.end();
        if (seconds == DURATION_MAX && nanos > 0) {
            throw new BadValueException("expected at most " + DURATION_MAX + "s");
        }
        secondsAndNanos(begin == from ? seconds : -seconds, begin == from ? nanos : -nanos, out);
    }

    private static void mask(JsonMode mode, byte[] text, int from, int to, WireBuffer out) throws BadValueException {
        if (from == to) {
            return;
        }
        int begin = from;
        for (int i = from; i <= to; i++) {
            if (i == to || text[i] == ',') {
                if (i == begin) {
                    throw new BadValueException(MASK_EXPECTED);
                }
                out.varint((1 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED);
                int length = out.beginLength();
                path(mode, text, begin, i, out);
                out.endLength(length);
                begin = i + 1;
            }
        }
    }

    /// Paths are those of any message, or `*` for all of its fields: all that can be told apart is taken.
    private static void path(JsonMode mode, byte[] text, int from, int to, WireBuffer out) throws BadValueException {
        for (int i = from; i < to; i++) {
            byte b = text[i];
            if (b >= 'A' && b <= 'Z') {
                out.add((byte) '_');
                out.add((byte) (b + ('a' - 'A')));
            } else if ((b >= 0 && b <= ' ') || b == 0x7F || (b == '_' && mode == JsonMode.STANDARD)) {
                throw new BadValueException(MASK_EXPECTED);
            } else {
                out.add(b);
            }
        }
    }

    private static void date(Digits text, WireBuffer out) throws BadValueException {
        LocalDate date = LocalDate.ofEpochDay(text.day());
        text.end();
        varintField(1, date.getYear(), out);
        varintField(2, date.getMonthValue(), out);
        varintField(3, date.getDayOfMonth(), out);
    }

    private static void decimal(byte[] text, int from, int to, WireBuffer out) throws BadValueException {
        if (to - from > DECIMAL_LENGTH_MAX || !isDecimal(text, from, to)) {
            throw new BadValueException("expected a decimal number such as 1234.50");
        }
        out.varint((1 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.varint(to - from);
        out.bytes(text, from, to);
    }

    /// By the grammar in the comment of `google.type.Decimal`.
    private static boolean isDecimal(byte[] text, int from, int to) {
        int i = from < to && (text[from] == '+' || text[from] == '-') ? from + 1 : from;
        int digits = 0;
        for (; i < to && text[i] >= '0' && text[i] <= '9'; i++) {
            digits++;
        }
        if (i < to && text[i] == '.') {
            for (i++; i < to && text[i] >= '0' && text[i] <= '9'; i++) {
                digits++;
            }
        }
        if (digits > 0 && i < to && (text[i] == 'e' || text[i] == 'E')) {
            i++;
            if (i < to && (text[i] == '+' || text[i] == '-')) {
                i++;
            }
            int exponent = i;
            while (i < to && text[i] >= '0' && text[i] <= '9') {
                i++;
            }
            return i > exponent && i == to;
        }
        return digits > 0 && i == to;
    }

    private static void printTimestamp(byte[] wire, int from, int to, JsonBuffer out) throws IOException {
        long seconds = 0;
        int nanos = 0;
        CodedInputStream in = CodedInputStream.newInstance(wire, from, to - from);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case 1 << 3 -> seconds = in.readInt64();
                case 2 << 3 -> nanos = in.readInt32();
                default -> in.skipField(tag);
            }
        }
        if (seconds < TIMESTAMP_MIN || seconds > TIMESTAMP_MAX || nanos < 0 || nanos >= NANOS_PER_SECOND) {
            throw new InvalidProtocolBufferException("a timestamp is not within the years 1 to 9999");
        }
        long day = Math.floorDiv(seconds, SECONDS_PER_DAY);
        long second = Math.floorMod(seconds, SECONDS_PER_DAY);
        LocalDate date = LocalDate.ofEpochDay(day);
        out.add('"');
        printDay(date.getYear(), date.getMonthValue(), date.getDayOfMonth(), out);
        out.add('T');
        out.padded(second / 3600, 2);
        out.add(':');
        out.padded(second / 60 % 60, 2);
        out.add(':');
        out.padded(second % 60, 2);
        printNanos(nanos, out);
        out.add('Z');
        out.add('"');
    }

    private static void printDay(int year, int month, int day, JsonBuffer out) {
        out.padded(year, 4);
        out.add('-');
        out.padded(month, 2);
        out.add('-');
        out.padded(day, 2);
    }

    /// A fraction of 0, 3, 6 or 9 digits.
    private static void printNanos(int nanos, JsonBuffer out) {
        if (nanos != 0) {
            out.add('.');
            if (nanos % 1_000_000 == 0) {
                out.padded(nanos / 1_000_000, 3);
            } else if (nanos % 1_000 == 0) {
                out.padded(nanos / 1_000, 6);
            } else {
                out.padded(nanos, 9);
            }
        }
    }

    private static void printDuration(byte[] wire, int from, int to, JsonBuffer out) throws IOException {
        long seconds = 0;
        int nanos = 0;
        CodedInputStream in = CodedInputStream.newInstance(wire, from, to - from);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case 1 << 3 -> seconds = in.readInt64();
                case 2 << 3 -> nanos = in.readInt32();
                default -> in.skipField(tag);
            }
        }
        boolean inRange = seconds >= -DURATION_MAX
                && seconds <= DURATION_MAX
                && nanos > -NANOS_PER_SECOND
                && nanos < NANOS_PER_SECOND
                && (seconds == 0 || nanos == 0 || seconds < 0 == nanos < 0);
        if (!inRange) {
            throw new InvalidProtocolBufferException("a duration is out of its range");
        }
        out.add('"');
        if (seconds < 0 || nanos < 0) {
            out.add('-');
        }
        out.integer(Math.abs(seconds));
        printNanos(Math.abs(nanos), out);
        out.add('s');
        out.add('"');
    }

    private static void printMask(JsonMode mode, byte[] wire, int from, int to, JsonBuffer out) throws IOException {
        var paths = new ArrayList<String>();
        CodedInputStream in = CodedInputStream.newInstance(wire, from, to - from);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == ((1 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                String path = in.readStringRequireUtf8();
                paths.add(mode == JsonMode.HOUSE ? path : camel(path));
            } else {
                in.skipField(tag);
            }
        }
        out.text(String.join(",", paths));
    }

    /// Lower camel case of a path, if it can be turned back.
    private static String camel(String path) throws InvalidProtocolBufferException {
        var camel = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean small = i + 1 < path.length() && path.charAt(i + 1) >= 'a' && path.charAt(i + 1) <= 'z';
            if (c == '_' && small) {
                camel.append((char) (path.charAt(++i) - ('a' - 'A')));
            } else if (c == '_' || (c >= 'A' && c <= 'Z')) {
                throw new InvalidProtocolBufferException("the mask path " + path + " has no lower camel case");
            } else {
                camel.append(c);
            }
        }
        return camel.toString();
    }

    private static void printDate(byte[] wire, int from, int to, JsonBuffer out) throws IOException {
        int year = 0;
        int month = 0;
        int day = 0;
        CodedInputStream in = CodedInputStream.newInstance(wire, from, to - from);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case 1 << 3 -> year = in.readInt32();
                case 2 << 3 -> month = in.readInt32();
                case 3 << 3 -> day = in.readInt32();
                default -> in.skipField(tag);
            }
        }
        if (year < 0 || year > 9999 || month < 0 || month > 12 || day < 0 || day > 31) {
            throw new InvalidProtocolBufferException("a date is out of its range");
        }
        out.add('"');
        printDay(year, month, day, out);
        out.add('"');
    }

    private static void printDecimal(byte[] wire, int from, int to, JsonBuffer out) throws IOException {
        byte[] value = {};
        CodedInputStream in = CodedInputStream.newInstance(wire, from, to - from);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == ((1 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                value = in.readByteArray();
            } else {
                in.skipField(tag);
            }
        }
        out.text(value, 0, value.length);
    }
}
