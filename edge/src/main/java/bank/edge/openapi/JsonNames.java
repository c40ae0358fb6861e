package bank.edge.openapi;

import bank.edge.json.EnumNames;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.LinkedHashMap;
import java.util.List;

/// What fields and enum values are called in JSON, and which members an object always has.
final class JsonNames {
    private JsonNames() {}

    static String of(FieldDescriptor field, View view) {
        return view.house() ? field.getName() : field.getJsonName();
    }

    static String of(EnumValueDescriptor value, View view) {
        return view.house() ? EnumNames.print(value) : value.getName();
    }

    /// The values that are told of: of several names of one number the first, and in house mode not the one that stands
    /// for "not said".
    static List<EnumValueDescriptor> shown(List<EnumValueDescriptor> values, View view) {
        var byNumber = new LinkedHashMap<Integer, EnumValueDescriptor>();
        values.stream()
                .filter(value -> !(view.house() && EnumNames.isUnspecified(value)))
                .forEach(value -> byNumber.putIfAbsent(value.getNumber(), value));
        return List.copyOf(byNumber.values());
    }

    /// A request without the field is refused; an answer always has it.
    static boolean isRequired(FieldDescriptor field, View view) {
        if (view.input()) {
            return Constraints.of(field).demands(field) || field.isRequired();
        }
        boolean unspecified = field.getJavaType() == JavaType.ENUM
                && !field.isRepeated()
                && field.getEnumType().findValueByNumber(0) != null
                && EnumNames.isUnspecified(field.getEnumType().findValueByNumber(0));
        return view.house() && (field.isRepeated() || (!field.hasPresence() && !unspecified));
    }
}
