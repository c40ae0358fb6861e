package bank.identity.rpc;

import bank.identity.keys.Vault;
import bank.platform.idempotency.Repeat;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// What makes two requests with passwords the same. A repeat is kept as a hash of the request, which is far too easily
/// tried for a password to be in it: a code stands in its place, which only this service can make.
public final class SecretRepeats {
    private static final String PURPOSE = "repeat";

    private final Vault vault;

    /// @param vault makes the codes
    public SecretRepeats(Vault vault) {
        this.vault = vault;
    }

    /// @param request without its passwords
    /// @param passwords the passwords
    Repeat of(Message request, String... passwords) {
        var bytes = new ByteArrayOutputStream();
        for (var password : passwords) {
            var encoded = password.getBytes(StandardCharsets.UTF_8);
            bytes.writeBytes(
                    ByteBuffer.allocate(Integer.BYTES).putInt(encoded.length).array());
            bytes.writeBytes(encoded);
        }
        return Repeat.of(request, HexFormat.of().formatHex(vault.code(bytes.toByteArray(), PURPOSE)));
    }
}
