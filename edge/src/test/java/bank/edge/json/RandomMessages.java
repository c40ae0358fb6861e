package bank.edge.json;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.util.SplittableRandom;

/// Messages made up by a seeded generator, with a liking for limits.
final class RandomMessages {
    private static final long[] LONGS = {
        0,
        1,
        -1,
        7,
        127,
        128,
        255,
        65_535,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 53,
        -(1L << 53),
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };
    private static final double[] DOUBLES = {
        0,
        -0.0,
        1,
        -1,
        0.1,
        1.5,
        1e10,
        1e-10,
        123_456_789.125,
        Double.MAX_VALUE,
        Double.MIN_VALUE,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY
    };
    private static final String[] TEXTS = {
        "",
        "a",
        "Договор аренды",
        "😀",
        "\"\\/\b\f\n\r\t",
        "\u0000\u001f\u007f\u2028",
        "null",
        "1",
        "{\"a\":1}",
        "a long text of which nothing needs to be escaped, so that it is copied whole"
    };
    private static final String[] PATHS = {"a", "foo_bar", "a.b_c.d", "x_y", "*", "a-b"};

    private final SplittableRandom random;

    RandomMessages(long seed) {
        this.random = new SplittableRandom(seed);
    }

    Message next(Descriptor type) {
        return message(type, 0);
    }

    private Message message(Descriptor type, int depth) {
        return switch (type.getFullName()) {
            case "google.protobuf.Timestamp" -> seconds(type, -62_135_596_800L, 253_402_300_799L, false);
            case "google.protobuf.Duration" -> seconds(type, -315_576_000_000L, 315_576_000_000L, true);
            case "google.protobuf.FieldMask" -> mask(type);
            case "google.protobuf.Any" -> any(type, depth);
            case "google.protobuf.Value" -> value(type, depth);
            default -> plain(type, depth);
        };
    }

    private Message plain(Descriptor type, int depth) {
        var message = DynamicMessage.newBuilder(type);
        for (FieldDescriptor field : type.getFields()) {
            if (random.nextInt(3) > 0 && depth > 0) {
                continue;
            }
            if (field.isMapField()) {
                entries(message, field, depth);
            } else if (field.isRepeated()) {
                for (int i = elements(depth); i > 0; i--) {
                    message.addRepeatedField(field, element(message, field, depth));
                }
            } else if (random.nextInt(2) == 0 && !(isMessage(field) && depth > 3)) {
                message.setField(field, element(message, field, depth));
            }
        }
        return message.build();
    }

    /// Few, and now and then more than messages may be nested deep.
    private int elements(int depth) {
        return depth < 2 && random.nextInt(200) == 0 ? random.nextInt(100, 200) : random.nextInt(4);
    }

    private void entries(DynamicMessage.Builder message, FieldDescriptor field, int depth) {
        FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
        // One entry, or two with keys that differ: the order of more is the map's own.
        var entry = message.newBuilderForField(field);
        if (random.nextInt(3) > 0 && depth < 3) {
            message.addRepeatedField(
                    field,
                    entry.setField(key, scalar(key))
                            .setField(value, element(entry, value, depth))
                            .build());
        }
    }

    private static boolean isMessage(FieldDescriptor field) {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
    }

    private Object element(Message.Builder message, FieldDescriptor field, int depth) {
        return isMessage(field)
                ? message(field.isMapField() ? field.getMessageType() : field.getMessageType(), depth + 1)
                : scalar(field);
    }

    private Object scalar(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT -> (int) number();
            case LONG -> number();
            case FLOAT -> random.nextInt(2) == 0 ? (float) real() : Float.intBitsToFloat(random.nextInt());
            case DOUBLE -> real();
            case BOOLEAN -> random.nextBoolean();
            case STRING -> text();
            case BYTE_STRING -> {
                var bytes = new byte[random.nextInt(9)];
                random.nextBytes(bytes);
                yield ByteString.copyFrom(bytes);
            }
            case ENUM -> {
                var values = field.getEnumType().getValues();
                // Of several names of one number, the first: the wire does not tell them apart.
                yield field.getEnumType()
                        .findValueByNumber(
                                values.get(random.nextInt(values.size())).getNumber());
            }
            case MESSAGE -> throw new IllegalArgumentException(field.getFullName());
        };
    }

    private long number() {
        return switch (random.nextInt(3)) {
            case 0 -> LONGS[random.nextInt(LONGS.length)];
            case 1 -> random.nextInt(-1000, 1000);
            default -> random.nextLong() >> random.nextInt(64);
        };
    }

    private double real() {
        return switch (random.nextInt(3)) {
            case 0 -> DOUBLES[random.nextInt(DOUBLES.length)];
            case 1 -> random.nextInt(-100_000, 100_000) / 100.0;
            default -> Double.longBitsToDouble(random.nextLong());
        };
    }

    private String text() {
        if (random.nextInt(2) == 0) {
            return TEXTS[random.nextInt(TEXTS.length)];
        }
        var text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            int point = random.nextInt(4) == 0 ? random.nextInt(0x11_0000) : random.nextInt(0x500);
            if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
                text.appendCodePoint(point);
            }
        }
        return text.toString();
    }

    private Message seconds(Descriptor type, long min, long max, boolean signed) {
        long seconds = random.nextInt(8) == 0
                ? (random.nextBoolean() ? min : max)
                : random.nextBoolean() ? random.nextLong(min + 1, max) : random.nextInt(-10, 10);
        int nanos = switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextInt(1000) * 1_000_000;
            case 2 -> random.nextInt(1_000_000) * 1000;
            default -> random.nextInt(1_000_000_000);
        };
        if (signed && (seconds == min || seconds == max)) {
            nanos = 0;
        }
        return DynamicMessage.newBuilder(type)
                .setField(type.findFieldByNumber(1), seconds)
                .setField(type.findFieldByNumber(2), signed && seconds < 0 ? -nanos : nanos)
                .build();
    }

    private Message mask(Descriptor type) {
        var mask = DynamicMessage.newBuilder(type);
        for (int i = random.nextInt(3); i > 0; i--) {
            mask.addRepeatedField(type.findFieldByNumber(1), PATHS[random.nextInt(PATHS.length)]);
        }
        return mask.build();
    }

    private Message any(Descriptor type, int depth) {
        var any = DynamicMessage.newBuilder(type);
        if (depth > 2) {
            return any.build();
        }
        String[] names = {
            "codec.Scalars",
            "codec.Choice",
            "google.protobuf.Duration",
            "google.protobuf.Value",
            "google.protobuf.Int64Value",
            "google.protobuf.Empty"
        };
        String name = names[random.nextInt(names.length)];
        Message content = message(CodecTypes.FILES.message(name).orElseThrow(), depth + 1);
        return any.setField(type.findFieldByNumber(1), "type.googleapis.com/" + name)
                .setField(type.findFieldByNumber(2), content.toByteString())
                .build();
    }

    private Message value(Descriptor type, int depth) {
        var value = DynamicMessage.newBuilder(type);
        FieldDescriptor field = type.findFieldByNumber(depth > 3 ? random.nextInt(1, 5) : random.nextInt(1, 7));
        Object content = field.getNumber() == 2 ? (Object) finite() : element(value, field, depth);
        return value.setField(field, content).build();
    }

    private double finite() {
        double number = real();
        return Double.isFinite(number) ? number : 1.5;
    }
}
