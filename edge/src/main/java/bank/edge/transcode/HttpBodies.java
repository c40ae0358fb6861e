package bank.edge.transcode;

import bank.edge.route.HttpRule;
import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Where rules put a `google.api.HttpBody`, whose bytes are the HTTP body as they are, and how it stands on the wire.
final class HttpBodies {
    private static final String WHOLE = "*";

    private HttpBodies() {}

    /// The body of a request is raw bytes.
    static boolean isRequest(HttpRule rule) {
        return rule.body().equals(WHOLE)
                ? isBody(rule.rpc().input())
                : isBody(rule.rpc().input(), rule.body());
    }

    /// The body of an answer is raw bytes.
    static boolean isAnswer(HttpRule rule) {
        return rule.responseBody().isEmpty()
                ? isBody(rule.rpc().output())
                : isBody(rule.rpc().output(), rule.responseBody());
    }

    private static boolean isBody(Descriptor type, String name) {
        FieldDescriptor field = name.isEmpty() ? null : type.findFieldByName(name);
        return field != null
                && !field.isRepeated()
                && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                && isBody(field.getMessageType());
    }

    private static boolean isBody(Descriptor type) {
        return type.getFullName().equals(HttpBody.getDescriptor().getFullName());
    }

    /// The fields that the HTTP body sets.
    static String[] fields(HttpRule rule) {
        return rule.body().equals(WHOLE) ? new String[] {"content_type", "data"} : new String[] {rule.body()};
    }

    /// What stands before the bytes of a request's body on the wire.
    ///
    /// @param contentType media type of the body; empty when it is not said
    /// @param length how many bytes follow
    static byte[] head(HttpRule rule, String contentType, int length) {
        var body = new ByteArrayOutputStream();
        var whole = new ByteArrayOutputStream();
        try {
            var out = CodedOutputStream.newInstance(body);
            if (!contentType.isEmpty()) {
                out.writeString(HttpBody.CONTENT_TYPE_FIELD_NUMBER, contentType);
            }
            if (length > 0) {
                out.writeTag(HttpBody.DATA_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
                out.writeUInt32NoTag(length);
            }
            out.flush();
            if (!rule.body().equals(WHOLE)) {
                int number = rule.rpc().input().findFieldByName(rule.body()).getNumber();
                whole.writeBytes(prefix(number, body.size() + length));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        whole.writeBytes(body.toByteArray());
        return whole.toByteArray();
    }

    /// Tag and length of a field of bytes or a message.
    static byte[] prefix(int number, int length) {
        var prefix = new ByteArrayOutputStream();
        try {
            var out = CodedOutputStream.newInstance(prefix);
            out.writeTag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt32NoTag(length);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return prefix.toByteArray();
    }

    /// The body of an answer.
    ///
    /// @throws com.google.protobuf.InvalidProtocolBufferException when the message is none of its type
    static HttpBody read(HttpRule rule, byte[] message) throws IOException {
        if (rule.responseBody().isEmpty()) {
            return HttpBody.parseFrom(message);
        }
        int number = rule.rpc().output().findFieldByName(rule.responseBody()).getNumber();
        int wanted = number << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
        var body = HttpBody.newBuilder();
        var in = CodedInputStream.newInstance(message);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == wanted) {
                ByteString bytes = in.readBytes();
                body.mergeFrom(bytes, ExtensionRegistryLite.getEmptyRegistry());
            } else {
                in.skipField(tag);
            }
        }
        return body.build();
    }
}
