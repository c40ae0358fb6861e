package bank.edge.json;

import bank.edge.route.ProtoFiles;
import bank.platform.failure.Failure;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.grpc.Status;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request message built field by field, which remembers what set each field.
final class DynamicMessageInput implements MessageInput {
    private static final String UPDATE_MASK = "update_mask";

    private final DynamicMessage.Builder message;
    private final JsonFactory json;
    private final FieldNames names;
    private final Scalars scalars;
    private final ProtoFiles files;
    private final Violations violations = new Violations();
    private final Map<String, Origin> origins = new LinkedHashMap<>();
    private String bodyField = "";

    DynamicMessageInput(Descriptor type, JsonFactory json, FieldNames names, Scalars scalars, ProtoFiles files) {
        this.message = DynamicMessage.newBuilder(type);
        this.json = json;
        this.names = names;
        this.scalars = scalars;
        this.files = files;
    }

    @Override
    public void json(byte[] body, String field) {
        bodyField = field;
        try (var parser = json.createParser(body)) {
            var reader = new JsonReader(
                    parser,
                    names,
                    scalars,
                    files,
                    violations,
                    path -> origins.putIfAbsent(path.toString(), Origin.BODY));
            if (parser.nextToken() == null) {
                throw malformed("is empty", parser.currentLocation());
            }
            if (field.isEmpty()) {
                reader.message(message, FieldPath.ROOT);
            } else {
                field(reader, field);
            }
            if (parser.nextToken() != null) {
                throw malformed("goes on after its end", parser.currentTokenLocation());
            }
        } catch (StreamConstraintsException e) {
            throw malformed("is nested too deep or has a number or name too long", e.getLocation());
        } catch (JsonProcessingException e) {
            throw malformed("is no JSON", e.getLocation());
        } catch (IOException e) {
            // Bytes that are not UTF-8 come as other I/O exceptions; nothing else can fail on an array.
            throw malformed("is no JSON in UTF-8", null);
        }
    }

    private void field(JsonReader reader, String name) throws IOException {
        FieldDescriptor field = names.find(message.getDescriptorForType(), name);
        if (field == null) {
            throw new IllegalArgumentException("no field " + name);
        }
        FieldPath path = FieldPath.ROOT.field(field.getName());
        if (origin(field.getName()) != null) {
            violations.add(path, "set twice");
        }
        origins.put(field.getName(), Origin.BODY);
        reader.field(message, field, path);
    }

    private static RuntimeException malformed(String what, @Nullable JsonLocation at) {
        String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        return Failure.of(Status.Code.INVALID_ARGUMENT, "MALFORMED_JSON", "the body " + what + where)
                .exception();
    }

    @Override
    public void text(String path, List<String> values, Origin origin) {
        Message.Builder target = message;
        FieldPath at = FieldPath.ROOT;
        String[] steps = path.split("\\.", -1);
        for (int i = 0; i < steps.length; i++) {
            FieldDescriptor field = names.find(target.getDescriptorForType(), steps[i]);
            boolean last = i == steps.length - 1;
            boolean descends = !last
                    && field != null
                    && !field.isRepeated()
                    && field.getJavaType() == JavaType.MESSAGE
                    && !WellKnownTypes.isText(field.getMessageType());
            if (field == null || !(last || descends)) {
                violations.add(FieldPath.ROOT.field(path), "unknown in " + origin.title());
                return;
            }
            at = at.field(field.getName());
            if (last) {
                set(target, field, at, values, origin);
            } else {
                if (otherMember(target, field)) {
                    violations.add(at, "excluded by another field that is set");
                    return;
                }
                target = target.getFieldBuilder(field);
            }
        }
    }

    private void set(
            Message.Builder target, FieldDescriptor field, FieldPath path, List<String> values, Origin origin) {
        @Nullable Origin earlier = origin(path.toString());
        if (earlier != null) {
            violations.add(
                    path,
                    earlier == origin
                            ? "set twice by " + origin.title()
                            : "set by both " + earlier.title() + " and " + origin.title());
            return;
        }
        origins.put(path.toString(), origin);
        if (isJson(field)) {
            violations.add(path, "cannot be set by " + origin.title());
        } else if (otherMember(target, field)) {
            violations.add(path, "excluded by another field that is set");
        } else if (!field.isRepeated() && values.size() > 1) {
            violations.add(path, "given " + values.size() + " times");
        } else {
            for (String value : values) {
                try {
                    if (field.isRepeated()) {
                        target.addRepeatedField(field, parse(target, field, value));
                    } else {
                        target.setField(field, parse(target, field, value));
                    }
                } catch (BadValueException e) {
                    violations.add(path, e.expectation());
                }
            }
        }
    }

    private Object parse(Message.Builder target, FieldDescriptor field, String text) throws BadValueException {
        if (field.getJavaType() != JavaType.MESSAGE) {
            return scalars.parse(field, text);
        }
        if (WellKnownTypes.isText(field.getMessageType())) {
            return WellKnownTypes.parse(field.getMessageType(), text);
        }
        FieldDescriptor wrapped = field.getMessageType().findFieldByName("value");
        return target.newBuilderForField(field)
                .setField(wrapped, scalars.parse(wrapped, text))
                .build();
    }

    private static boolean otherMember(Message.Builder target, FieldDescriptor field) {
        var oneof = field.getContainingOneof();
        return oneof != null && target.hasOneof(oneof) && target.getOneofFieldDescriptor(oneof) != field;
    }

    /// What set the field at a path, a field above it or one below it.
    private @Nullable Origin origin(String path) {
        for (var entry : origins.entrySet()) {
            String other = entry.getKey();
            if (other.equals(path) || other.startsWith(path + ".") || path.startsWith(other + ".")) {
                return entry.getValue();
            }
        }
        return null;
    }

    @Override
    public boolean isJson(String path) {
        FieldDescriptor field = names.find(message.getDescriptorForType(), path);
        return field != null && isJson(field);
    }

    private static boolean isJson(FieldDescriptor field) {
        return field.isMapField()
                || (field.getJavaType() == JavaType.MESSAGE
                        && !WellKnownTypes.isText(field.getMessageType())
                        && !WellKnownTypes.isWrapper(field.getMessageType()));
    }

    @Override
    public void deriveUpdateMask() {
        FieldDescriptor mask = message.getDescriptorForType().findFieldByName(UPDATE_MASK);
        if (mask == null || origins.containsKey(UPDATE_MASK)) {
            return;
        }
        FieldDescriptor paths = mask.getMessageType().findFieldByName("paths");
        var derived = message.newBuilderForField(mask);
        String prefix = bodyField.isEmpty() ? "" : bodyField + ".";
        origins.forEach((path, origin) -> {
            if (origin == Origin.BODY && path.startsWith(prefix) && path.length() > prefix.length()) {
                derived.addRepeatedField(paths, path.substring(prefix.length()));
            }
        });
        message.setField(mask, derived.build());
    }

    @Override
    public byte[] wire() {
        violations.throwIfAny();
        return message.build().toByteArray();
    }
}
