package bank.edge.transcode;

import bank.edge.json.JsonCodec;
import bank.edge.json.MessageInput;
import bank.edge.json.MessageInput.Origin;
import bank.platform.failure.Failure;
import com.google.protobuf.Descriptors.Descriptor;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// The form of an upload, given piece by piece: query parameters and parts, each field once.
final class UploadForm {
    private final JsonCodec codec;
    private final Descriptor type;
    private final MessageInput whole;

    /// @param type the form's message type
    UploadForm(JsonCodec codec, Descriptor type) {
        this.codec = codec;
        this.type = type;
        this.whole = codec.input(type);
    }

    /// The form has such a field.
    boolean has(String name) {
        return type.findFieldByName(name) != null;
    }

    /// The form message of the query's parameters.
    ///
    /// @throws bank.platform.failure.FailureException INVALID_ARGUMENT with every violation
    byte[] query(Map<String, List<String>> parameters) {
        parameters.forEach((name, values) -> whole.text(name, values, Origin.QUERY));
        return whole.wire();
    }

    /// The form message of one part alone.
    ///
    /// @throws bank.platform.failure.FailureException INVALID_ARGUMENT with every violation
    byte[] part(String name, byte[] content) {
        set(whole, name, content);
        whole.wire();
        MessageInput alone = codec.input(type);
        set(alone, name, content);
        return alone.wire();
    }

    /// Sets a field from a part.
    static void set(MessageInput input, String name, byte[] content) {
        if (input.isJson(name)) {
            input.json(content, name);
        } else if (!input.has(name) && name.indexOf('.') < 0) {
            // Told as unknown, whatever is in it.
            input.text(name, List.of(), Origin.FORM);
        } else {
            input.text(name, List.of(text(name, content)), Origin.FORM);
        }
    }

    private static String text(String name, byte[] content) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Failure.invalid("INVALID_FIELD", name, "is not UTF-8").exception();
        }
    }
}
