package bank.edge.json;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The fields of message types by the names JSON may call them: as in the proto file, and in lower camel case.
final class FieldNames {
    private final Map<Descriptor, Map<String, FieldDescriptor>> byType = new ConcurrentHashMap<>();

    @Nullable
    FieldDescriptor find(Descriptor type, String name) {
        return byType.computeIfAbsent(type, FieldNames::index).get(name);
    }

    private static Map<String, FieldDescriptor> index(Descriptor type) {
        var fields = new HashMap<String, FieldDescriptor>();
        type.getFields().forEach(field -> fields.put(field.getJsonName(), field));
        type.getFields().forEach(field -> fields.put(field.getName(), field));
        return fields;
    }

    /// `updateMask` and `update_mask` both as `update_mask`.
    static String toSnake(String name) {
        var snake = new StringBuilder(name.length() + 8);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                snake.append('_').append((char) (c + ('a' - 'A')));
            } else {
                snake.append(c);
            }
        }
        return snake.toString();
    }
}
