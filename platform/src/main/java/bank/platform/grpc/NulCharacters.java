package bank.platform.grpc;

import bank.platform.failure.Failure.Violation;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;

/// Finds text with the character U+0000, which PostgreSQL takes nowhere.
final class NulCharacters {
    private NulCharacters() {}

    /// The fields of a message, at any depth, that hold such text.
    static List<Violation> in(Message message) {
        var found = new ArrayList<Violation>();
        search(message, "", found);
        return found;
    }

    private static void search(Message message, String prefix, List<Violation> found) {
        message.getAllFields().forEach((field, value) -> {
            var type = field.getJavaType();
            if (type != JavaType.STRING && type != JavaType.MESSAGE) {
                return;
            }
            var path = prefix + field.getName();
            if (field.isRepeated()) {
                for (var i = 0; i < message.getRepeatedFieldCount(field); i++) {
                    look(field, message.getRepeatedField(field, i), path + "[" + i + "]", found);
                }
            } else {
                look(field, value, path, found);
            }
        });
    }

    private static void look(FieldDescriptor field, Object value, String path, List<Violation> found) {
        if (value instanceof Message inner) {
            search(inner, path + ".", found);
        } else if (value instanceof String text && text.indexOf('\0') >= 0) {
            found.add(new Violation(path, field.getName() + " may not contain the character U+0000"));
        }
    }
}
