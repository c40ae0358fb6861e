package bank.edge.json;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.FieldMask;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.type.Date;
import com.google.type.Decimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Message types that JSON, query parameters and form fields write as one text.
final class WellKnownTypes {
    private static final String DATE = "google.type.Date";
    private static final String DECIMAL = "google.type.Decimal";
    private static final String TIMESTAMP = "google.protobuf.Timestamp";
    private static final String DURATION = "google.protobuf.Duration";
    private static final String FIELD_MASK = "google.protobuf.FieldMask";
    private static final Set<String> TEXTS = Set.of(DATE, DECIMAL, TIMESTAMP, DURATION, FIELD_MASK);
    private static final Set<String> WRAPPERS = Set.of(
            "google.protobuf.BoolValue",
            "google.protobuf.BytesValue",
            "google.protobuf.DoubleValue",
            "google.protobuf.FloatValue",
            "google.protobuf.Int32Value",
            "google.protobuf.Int64Value",
            "google.protobuf.StringValue",
            "google.protobuf.UInt32Value",
            "google.protobuf.UInt64Value");
    private static final Pattern DATE_TEXT = Pattern.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})");
    private static final Pattern DECIMAL_TEXT =
            Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?");
    private static final Pattern MASK_TEXT = Pattern.compile("[A-Za-z0-9_.]+(,[A-Za-z0-9_.]+)*");
    private static final int DECIMAL_LENGTH_MAX = 100;

    private WellKnownTypes() {}

    /// The type is written as one text.
    static boolean isText(Descriptor type) {
        return TEXTS.contains(type.getFullName());
    }

    /// The type wraps a scalar and is written as that scalar.
    static boolean isWrapper(Descriptor type) {
        return WRAPPERS.contains(type.getFullName());
    }

    /// The type is `google.type.Decimal`, which may also be written as a JSON number.
    static boolean isDecimal(Descriptor type) {
        return DECIMAL.equals(type.getFullName());
    }

    /// Reads the text of a type for which [#isText] holds.
    static Message parse(Descriptor type, String text) throws BadValueException {
        ByteString wire = switch (type.getFullName()) {
            case DATE -> date(text).toByteString();
            case DECIMAL -> decimal(text).toByteString();
            case TIMESTAMP -> Times.timestamp(text).toByteString();
            case DURATION -> Times.duration(text).toByteString();
            case FIELD_MASK -> mask(text).toByteString();
            default -> throw new IllegalArgumentException(type.getFullName() + " has no text form");
        };
        try {
            return DynamicMessage.parseFrom(type, wire);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Writes a message of a type for which [#isText] holds.
    static String print(Message message) throws InvalidProtocolBufferException {
        ByteString wire = message.toByteString();
        return switch (message.getDescriptorForType().getFullName()) {
            case DATE -> {
                Date date = Date.parseFrom(wire);
                yield String.format(Locale.ROOT, "%04d-%02d-%02d", date.getYear(), date.getMonth(), date.getDay());
            }
            case DECIMAL -> Decimal.parseFrom(wire).getValue();
            case TIMESTAMP -> Times.print(com.google.protobuf.Timestamp.parseFrom(wire));
            case DURATION -> Times.print(com.google.protobuf.Duration.parseFrom(wire));
            case FIELD_MASK -> String.join(",", FieldMask.parseFrom(wire).getPathsList());
            default ->
                throw new IllegalArgumentException(
                        message.getDescriptorForType().getFullName() + " has no text form");
        };
    }

    private static Date date(String text) throws BadValueException {
        var match = DATE_TEXT.matcher(text);
        if (match.matches()) {
            int year = Integer.parseInt(match.group(1));
            int month = Integer.parseInt(match.group(2));
            int day = Integer.parseInt(match.group(3));
            try {
                if (year > 0) {
                    LocalDate real = LocalDate.of(year, month, day);
                    return Date.newBuilder()
                            .setYear(real.getYear())
                            .setMonth(real.getMonthValue())
                            .setDay(real.getDayOfMonth())
                            .build();
                }
            } catch (DateTimeException _) {
                throw new BadValueException("no such day in the calendar");
            }
        }
        throw new BadValueException("expected a date such as 2023-10-25");
    }

    private static Decimal decimal(String text) throws BadValueException {
        if (text.length() > DECIMAL_LENGTH_MAX || !DECIMAL_TEXT.matcher(text).matches()) {
            throw new BadValueException("expected a decimal number such as 1234.50");
        }
        return Decimal.newBuilder().setValue(text).build();
    }

    private static FieldMask mask(String text) throws BadValueException {
        var mask = FieldMask.newBuilder();
        if (!text.isEmpty()) {
            if (!MASK_TEXT.matcher(text).matches()) {
                throw new BadValueException("expected field names separated by commas");
            }
            for (String path : text.split(",", -1)) {
                mask.addPaths(FieldNames.toSnake(path));
            }
        }
        return mask.build();
    }
}
