package bank.edge.route;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Where a resource is that an rpc has created: a path with fields of the response in it, e.g.
/// `/v1/sm/contracts/{contract_id}`. The fields are read from the wire bytes.
public final class LocationTemplate {
    private static final Pattern FIELD = Pattern.compile("\\{([^{}]*)}");
    private static final Set<FieldDescriptor.Type> TYPES =
            Set.of(FieldDescriptor.Type.INT32, FieldDescriptor.Type.INT64, FieldDescriptor.Type.STRING);

    /// One more than fields: what stands before each, and after the last.
    private final List<String> literals = new ArrayList<>();

    private final List<FieldDescriptor> fields = new ArrayList<>();

    private LocationTemplate() {}

    /// Reads a template.
    ///
    /// @throws IllegalArgumentException when it names what is no single integer or text of the response
    static LocationTemplate parse(String template, Descriptor response) {
        var parsed = new LocationTemplate();
        var match = FIELD.matcher(template);
        int end = 0;
        while (match.find()) {
            FieldDescriptor field = response.findFieldByName(match.group(1));
            if (field == null || field.isRepeated() || !TYPES.contains(field.getType())) {
                throw new IllegalArgumentException(
                        "location " + template + ": no field " + match.group(1) + " in " + response.getFullName());
            }
            parsed.literals.add(template.substring(end, match.start()));
            parsed.fields.add(field);
            end = match.end();
        }
        parsed.literals.add(template.substring(end));
        return parsed;
    }

    /// The location of what a response tells of.
    ///
    /// @param response the response's wire bytes
    public String of(byte[] response) throws InvalidProtocolBufferException {
        String[] values = values(response);
        var location = new StringBuilder(literals.getFirst());
        for (int i = 0; i < values.length; i++) {
            location.append(URLEncoder.encode(values[i], StandardCharsets.UTF_8).replace("+", "%20"))
                    .append(literals.get(i + 1));
        }
        return location.toString();
    }

    private String[] values(byte[] response) throws InvalidProtocolBufferException {
        var values = new String[fields.size()];
        Arrays.setAll(values, i -> fields.get(i).getType() == FieldDescriptor.Type.STRING ? "" : "0");
        if (values.length == 0) {
            return values;
        }
        try {
            var in = CodedInputStream.newInstance(response);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                boolean text = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
                int i = index(WireFormat.getTagFieldNumber(tag), text);
                if (i < 0) {
                    in.skipField(tag);
                } else {
                    values[i] = text ? in.readStringRequireUtf8() : Long.toString(in.readInt64());
                }
            }
            return values;
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (IOException e) {
            throw new InvalidProtocolBufferException(e);
        }
    }

    private int index(int number, boolean text) {
        for (int i = 0; i < fields.size(); i++) {
            FieldDescriptor field = fields.get(i);
            if (field.getNumber() == number && (field.getType() == FieldDescriptor.Type.STRING) == text) {
                return i;
            }
        }
        return -1;
    }
}
