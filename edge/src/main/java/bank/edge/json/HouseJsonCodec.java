package bank.edge.json;

import bank.edge.route.ProtoFiles;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// The codec that goes through message objects.
public final class HouseJsonCodec implements JsonCodec {
    private static final int DEPTH_MAX = 100;

    private final JsonFactory json = JsonFactory.builder()
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
            .build();
    private final FieldNames names = new FieldNames();
    private final Scalars scalars = new Scalars(new EnumNames());
    private final ProtoFiles files;

    /// @param files resolves the types of `google.protobuf.Any`
    public HouseJsonCodec(ProtoFiles files) {
        this.files = files;
    }

    @Override
    public MessageInput input(Descriptor type) {
        return new DynamicMessageInput(type, json, names, scalars, files);
    }

    @Override
    public byte[] toJson(Descriptor type, byte[] message, String field) throws InvalidProtocolBufferException {
        var parsed = DynamicMessage.parseFrom(type, message);
        var out = new ByteArrayOutputStream(256);
        try (var generator = json.createGenerator(out)) {
            var writer = new JsonWriter(generator, files);
            if (field.isEmpty()) {
                writer.message(parsed);
            } else {
                writer.value(type.findFieldByName(field), parsed);
            }
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
