package bank.edge.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values by names, looked up by the names' bytes in place.
///
/// @param <T> type of the values
final class NameTable<T> {
    private final byte[][] names;
    private final Object[] values;

    NameTable(Map<String, T> entries) {
        int capacity = Math.max(4, Integer.highestOneBit(entries.size() * 4));
        names = new byte[capacity][];
        values = new Object[capacity];
        entries.forEach((name, value) -> {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            int slot = Words.hash(bytes, 0, bytes.length) & (capacity - 1);
            while (values[slot] != null) {
                slot = (slot + 1) & (capacity - 1);
            }
            names[slot] = bytes;
            values[slot] = value;
        });
    }

    @SuppressWarnings("unchecked")
    @Nullable
    T find(byte[] bytes, int from, int to) {
        int mask = values.length - 1;
        for (int slot = Words.hash(bytes, from, to) & mask; values[slot] != null; slot = (slot + 1) & mask) {
            byte[] name = names[slot];
            if (Arrays.equals(name, 0, name.length, bytes, from, to)) {
                return (T) values[slot];
            }
        }
        return null;
    }
}
