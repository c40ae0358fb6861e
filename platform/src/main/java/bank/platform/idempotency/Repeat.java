package bank.platform.idempotency;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// What makes two requests the same.
///
/// @param part which part of a larger request this is, e.g. `3`; empty for a whole one
/// @param hash SHA-256 over everything that counts
public record Repeat(String part, HashCode hash) {
    /// Two requests are the same when their messages are.
    public static Repeat of(Message request) {
        return new Repeat("", add(Hashing.sha256().newHasher(), request).hash());
    }

    /// Two uploads are the same when their fields and the digest of their content are.
    public static Repeat of(Message fields, String digest) {
        return new Repeat(
                "",
                add(Hashing.sha256().newHasher(), fields)
                        .putString(digest, StandardCharsets.UTF_8)
                        .hash());
    }

    /// The same as one part of a larger request.
    public Repeat part(String name) {
        return new Repeat(name, hash);
    }

    private static Hasher add(Hasher hasher, Message message) {
        var bytes = new ByteArrayOutputStream(message.getSerializedSize());
        var out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            message.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return hasher.putInt(bytes.size()).putBytes(bytes.toByteArray());
    }
}
