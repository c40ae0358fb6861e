package bank.edge.json;

import bank.edge.route.ProtoFiles;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TypeRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Message types with every kind of field, and codecs for them.
final class CodecTypes {
    static final ProtoFiles FILES = load();
    static final TypeRegistry REGISTRY = registry();
    static final JsonCodec STANDARD = new JsonCodec(JsonMode.STANDARD, FILES::message);
    static final JsonCodec HOUSE = new JsonCodec(JsonMode.HOUSE, FILES::message);

    private CodecTypes() {}

    private static ProtoFiles load() {
        try (var in = CodecTypes.class.getResourceAsStream("/codec/types.binpb")) {
            return ProtoFiles.parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TypeRegistry registry() {
        var builder = TypeRegistry.newBuilder();
        for (String type : List.of("WellKnown", "two.Proto2", "edition.Edition")) {
            FileDescriptor file = type(type).getFile();
            builder.add(file.getMessageTypes());
            file.getDependencies().forEach(each -> builder.add(each.getMessageTypes()));
        }
        return builder.build();
    }

    /// The type of a name such as `Scalars`.
    static Descriptor type(String name) {
        return FILES.message("codec." + name).orElseThrow();
    }

    /// A message in the text format.
    static Message message(String type, String text) {
        var message = DynamicMessage.newBuilder(type(type));
        try {
            TextFormat.Parser.newBuilder().setTypeRegistry(REGISTRY).build().merge(text, message);
        } catch (TextFormat.ParseException e) {
            throw new IllegalArgumentException(text, e);
        }
        return message.build();
    }

    static Message parse(String type, byte[] wire) throws InvalidProtocolBufferException {
        return DynamicMessage.parseFrom(type(type), wire);
    }

    static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
