package bank.edge.json;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How the values of an enum are read and written.
final class EnumPlan {
    private final boolean house;
    private final boolean closed;
    private final NameTable<Integer> names;
    private final Map<String, Integer> byUpperCase = new HashMap<>();
    private final Map<Integer, byte[]> printed = new HashMap<>();
    private final String expectation;
    private final boolean nullValue;
    private final boolean unspecifiedZero;

    EnumPlan(EnumDescriptor type, JsonMode mode) {
        house = mode == JsonMode.HOUSE;
        closed = house || type.isClosed();
        nullValue = type.getFullName().equals("google.protobuf.NullValue");
        unspecifiedZero = type.findValueByNumber(0) != null && EnumNames.isUnspecified(type.findValueByNumber(0));
        var exact = new HashMap<String, Integer>();
        for (EnumValueDescriptor value : type.getValues()) {
            if (house) {
                exact.putIfAbsent(EnumNames.print(value), value.getNumber());
                byUpperCase.putIfAbsent(EnumNames.print(value).toUpperCase(Locale.ROOT), value.getNumber());
            }
        }
        for (EnumValueDescriptor value : type.getValues()) {
            exact.put(value.getName(), value.getNumber());
            byUpperCase.put(value.getName().toUpperCase(Locale.ROOT), value.getNumber());
            // Of several names of one number, the first.
            String name = house ? EnumNames.print(value) : value.getName();
            printed.putIfAbsent(value.getNumber(), ('"' + name + '"').getBytes(StandardCharsets.US_ASCII));
        }
        names = new NameTable<>(exact);
        expectation = "expected one of "
                + type.getValues().stream()
                        .filter(value -> !(house && EnumNames.isUnspecified(value)))
                        .map(value -> house ? EnumNames.print(value) : value.getName())
                        .collect(Collectors.joining(", "));
    }

    /// Is `google.protobuf.NullValue`, written as null.
    boolean isNullValue() {
        return nullValue;
    }

    /// The number is that of the value that stands for "not said", which house mode does not print.
    boolean isUnspecified(int number) {
        return house && number == 0 && unspecifiedZero;
    }

    /// Number of the value with that name; house mode takes it in any case.
    int byName(byte[] bytes, int from, int to) throws BadValueException {
        @Nullable Integer number = names.find(bytes, from, to);
        if (number == null && house) {
            number = byUpperCase.get(upperCase(bytes, from, to));
        }
        if (number == null) {
            throw new BadValueException(expectation);
        }
        return number;
    }

    /// The text with ASCII letters in upper case: no other letter becomes one.
    private static String upperCase(byte[] bytes, int from, int to) {
        byte[] upper = Arrays.copyOfRange(bytes, from, to);
        for (int i = 0; i < upper.length; i++) {
            if (upper[i] >= 'a' && upper[i] <= 'z') {
                upper[i] = (byte) (upper[i] - ('a' - 'A'));
            }
        }
        return new String(upper, StandardCharsets.UTF_8);
    }

    /// The number, if the enum may hold it.
    int byNumber(long number) throws BadValueException {
        if (closed && !printed.containsKey((int) number)) {
            throw new BadValueException(expectation);
        }
        return (int) number;
    }

    /// A value that came over the wire counts as one of this enum.
    boolean holds(int number) {
        return house || !closed || printed.containsKey(number);
    }

    /// Name in quotes; null for a number without one.
    byte @Nullable [] print(int number) {
        return printed.get(number);
    }
}
