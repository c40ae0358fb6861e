package bank.document.rpc;

import bank.platform.grpc.Call;
import bank.platform.grpc.Headers;
import bank.platform.idempotency.Repeat;
import bank.v1.BatchForm;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What makes two batches the same: the list of documents, and name and digest of each file, also of those that
/// cannot be stored. Nothing is computed for a call without an idempotency key.
final class BatchIdentity {
    private final boolean keyed = Call.current().header(Headers.IDEMPOTENCY_KEY) != null;
    private final MessageDigest files = sha256();
    private final MessageDigest file = sha256();
    private boolean open;

    /// Begins the next file.
    void file(String name) {
        end();
        open = true;
        if (keyed) {
            var bytes = name.getBytes(StandardCharsets.UTF_8);
            files.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            files.update(bytes);
        }
    }

    /// The next bytes of the file.
    void chunk(ByteString bytes) {
        if (keyed) {
            file.update(bytes.asReadOnlyByteBuffer());
        }
    }

    /// The batch as a whole, when its last file has come; to be asked for once.
    Repeat finish(BatchForm form) {
        end();
        return Repeat.of(form, HexFormat.of().formatHex(files.digest())).part("whole");
    }

    private void end() {
        if (open && keyed) {
            files.update(file.digest());
        }
        open = false;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
