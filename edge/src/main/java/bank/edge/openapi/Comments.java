package bank.edge.openapi;

import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.GenericDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The comments of proto files, by what they stand at. Empty where a descriptor set carries none.
final class Comments {
    private static final int FILE_MESSAGE = 4;
    private static final int FILE_ENUM = 5;
    private static final int FILE_SERVICE = 6;
    private static final int MESSAGE_FIELD = 2;
    private static final int MESSAGE_NESTED = 3;
    private static final int MESSAGE_ENUM = 4;
    private static final int MESSAGE_EXTENSION = 6;
    private static final int FILE_EXTENSION = 7;
    private static final int MEMBER = 2;
    private static final Pattern SENTENCE_END =
            Pattern.compile("(?<!e\\.g)(?<!i\\.e)\\.(\\s|$)|:\\s(?![^(]*\\))|\\n\\n");

    private final Map<String, Map<List<Integer>, String>> files = new HashMap<>();

    /// The comment before something, as Markdown; the one behind it when there is none before it.
    String of(GenericDescriptor descriptor) {
        return files.computeIfAbsent(descriptor.getFile().getName(), _ -> read(descriptor.getFile()))
                .getOrDefault(path(descriptor), "");
    }

    /// The first sentence of a comment, on one line, without its full stop.
    static String firstSentence(String comment) {
        var end = SENTENCE_END.matcher(comment);
        return oneLine(end.find() ? comment.substring(0, end.start()) : comment);
    }

    /// A comment on one line.
    static String oneLine(String comment) {
        return comment.replaceAll("\\s+", " ").strip();
    }

    private static Map<List<Integer>, String> read(FileDescriptor file) {
        var comments = new HashMap<List<Integer>, String>();
        for (Location location : file.toProto().getSourceCodeInfo().getLocationList()) {
            String text = location.getLeadingComments().isBlank()
                    ? location.getTrailingComments()
                    : location.getLeadingComments();
            if (!text.isBlank()) {
                comments.put(List.copyOf(location.getPathList()), plain(text));
            }
        }
        return comments;
    }

    /// The text without the space after each `//` and without what is said to linters.
    private static String plain(String text) {
        var lines = new ArrayList<String>();
        for (String line : text.split("\n", -1)) {
            String stripped = line.startsWith(" ") ? line.substring(1) : line;
            if (!stripped.startsWith("buf:lint:")) {
                lines.add(stripped.stripTrailing());
            }
        }
        return String.join("\n", lines).strip();
    }

    private static List<Integer> path(GenericDescriptor descriptor) {
        return switch (descriptor) {
            case FieldDescriptor field
            when field.isExtension() ->
                field.getExtensionScope() == null
                        ? List.of(FILE_EXTENSION, field.getIndex())
                        : below(field.getExtensionScope(), MESSAGE_EXTENSION, field.getIndex());
            case FieldDescriptor field -> below(field.getContainingType(), MESSAGE_FIELD, field.getIndex());
            case EnumValueDescriptor value -> below(value.getType(), MEMBER, value.getIndex());
            case MethodDescriptor method -> below(method.getService(), MEMBER, method.getIndex());
            case ServiceDescriptor service -> List.of(FILE_SERVICE, service.getIndex());
            case Descriptor message -> {
                Descriptor above = message.getContainingType();
                yield above == null
                        ? List.of(FILE_MESSAGE, message.getIndex())
                        : below(above, MESSAGE_NESTED, message.getIndex());
            }
            case EnumDescriptor type -> {
                Descriptor above = type.getContainingType();
                yield above == null ? List.of(FILE_ENUM, type.getIndex()) : below(above, MESSAGE_ENUM, type.getIndex());
            }
            default -> List.of();
        };
    }

    private static List<Integer> below(GenericDescriptor above, int kind, int index) {
        var path = new ArrayList<>(path(above));
        path.add(kind);
        path.add(index);
        return List.copyOf(path);
    }
}
