package bank.platform.events;

import static org.assertj.core.api.Assertions.assertThat;

import bank.v1.Options;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import com.google.protobuf.ExtensionRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// docs/events.md: above a mark what people wrote, below it what the messages say of themselves.
class EventPageTest {
    private static final Path FILE = Path.of("..", "docs", "events.md");
    private static final String MARK = "<!-- EventPageTest writes what follows. -->\n";
    private static final String COMMAND =
            "./mvnw verify -pl platform -am -Dtest=EventPageTest -Dit.test=none -Dbank.events.write=true"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false";
    // As in descriptor.proto.
    private static final int MESSAGES = 4;
    private static final int ENUMS = 5;
    private static final int FIELDS = 2;
    private static final int VALUES = 2;

    private static List<FileDescriptorProto> files() throws IOException {
        var registry = ExtensionRegistry.newInstance();
        Options.registerAllExtensions(registry);
        try (var set = Options.class.getResourceAsStream("/bank/v1/bank.binpb")) {
            return FileDescriptorSet.parseFrom(set, registry).getFileList();
        }
    }

    private static boolean isEvent(DescriptorProto message) {
        return message.getOptions().hasExtension(Options.event);
    }

    @Test
    void everyEventNamesATopicOfItsOwnAndAKey() throws IOException {
        var topics = files().stream()
                .flatMap(file -> file.getMessageTypeList().stream())
                .filter(EventPageTest::isEvent)
                .map(message -> message.getOptions().getExtension(Options.event))
                .toList();

        assertThat(topics).isNotEmpty();
        assertThat(topics.stream().map(topic -> topic.getTopic())).doesNotHaveDuplicates().allMatch(name -> name.matches(
                "[a-z]+(\\.[a-z]+)+"));
        for (var file : files()) {
            for (var message : file.getMessageTypeList()) {
                if (isEvent(message)) {
                    var key = message.getOptions().getExtension(Options.event).getKey();
                    assertThat(message.getFieldList().stream().map(FieldDescriptorProto::getName))
                            .as("%s has its key", message.getName())
                            .contains(key);
                }
            }
        }
    }

    @Test
    void thePageSaysWhatTheMessagesSay() throws IOException {
        var page = Files.readString(FILE);
        var end = page.indexOf(MARK);
        assertThat(end).as("%s lacks the line %s", FILE, MARK).isNotNegative();
        var generated = page.substring(0, end + MARK.length()) + tables(files());
        if (Boolean.getBoolean("bank.events.write")) {
            Files.writeString(FILE, generated);
        }
        assertThat(Files.readString(FILE))
                .as("docs/events.md is not what the messages say: write it by %s and commit it", COMMAND)
                .isEqualTo(generated);
    }

    private static String tables(List<FileDescriptorProto> files) {
        var events = new TreeMap<String, String>();
        Map<String, String> enums = new TreeMap<>();
        for (var file : files) {
            for (var i = 0; i < file.getEnumTypeCount(); i++) {
                var type = file.getEnumType(i);
                enums.put("." + file.getPackage() + "." + type.getName(), values(file, i, type));
            }
        }
        for (var file : files) {
            for (var i = 0; i < file.getMessageTypeCount(); i++) {
                var message = file.getMessageType(i);
                if (isEvent(message)) {
                    events.put(message.getOptions().getExtension(Options.event).getTopic(), table(file, i, enums));
                }
            }
        }
        return String.join("", events.values());
    }

    private static String table(FileDescriptorProto file, int index, Map<String, String> enums) {
        var message = file.getMessageType(index);
        var topic = message.getOptions().getExtension(Options.event);
        var rows = new StringBuilder();
        for (var i = 0; i < message.getFieldCount(); i++) {
            var field = message.getField(i);
            var values = field.getType() == FieldDescriptorProto.Type.TYPE_ENUM
                    ? ". One of " + enums.get(field.getTypeName())
                    : "";
            rows.append("| `%s` | %s | %s%s |\n"
                    .formatted(
                            field.getName(),
                            type(field),
                            comment(file, MESSAGES, index, FIELDS, i).replaceFirst("\\.$", ""),
                            values));
        }
        return """

                ## %s

                `bank.v1.%s`, key `%s`%s. %s

                | field | type | meaning |
                |---|---|---|
                %s""".formatted(
                        topic.getTopic(),
                        message.getName(),
                        topic.getKey(),
                        topic.getUnordered() ? ", without an order" : "",
                        comment(file, MESSAGES, index),
                        rows);
    }

    private static String type(FieldDescriptorProto field) {
        return switch (field.getType()) {
            case TYPE_ENUM, TYPE_MESSAGE -> field.getTypeName().substring(field.getTypeName().lastIndexOf('.') + 1);
            default -> field.getType().name().replace("TYPE_", "").toLowerCase(Locale.ROOT);
        };
    }

    private static String values(FileDescriptorProto file, int index, EnumDescriptorProto type) {
        return Stream.iterate(0, i -> i + 1)
                .limit(type.getValueCount())
                .filter(i -> type.getValue(i).getNumber() != 0)
                .map(i -> "`%s`: %s"
                        .formatted(
                                type.getValue(i).getName(),
                                comment(file, ENUMS, index, VALUES, i).replaceFirst("\\.$", "")))
                .collect(Collectors.joining("; "));
    }

    private static String comment(FileDescriptorProto file, Integer... path) {
        return file.getSourceCodeInfo().getLocationList().stream()
                .filter(location -> location.getPathList().equals(List.of(path)))
                .max(Comparator.comparingInt(location -> location.getLeadingComments().length()))
                .map(Location::getLeadingComments)
                .orElse("")
                .lines()
                .map(String::strip)
                .collect(Collectors.joining(" "))
                .replace("|", "\\|");
    }
}
