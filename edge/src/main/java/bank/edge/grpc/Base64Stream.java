package bank.edge.grpc;

import java.io.ByteArrayOutputStream;
import java.util.Base64;

/// Decodes base64 that comes in pieces cut anywhere, and may have padding in the middle, as gRPC-Web clients send it.
final class Base64Stream {
    private static final int QUANTUM = 4;

    private final byte[] pending = new byte[QUANTUM];
    private int filled;

    /// The bytes that are whole so far.
    ///
    /// @throws IllegalArgumentException when it is no base64
    byte[] decode(byte[] piece) {
        var decoded = new ByteArrayOutputStream(piece.length);
        for (byte b : piece) {
            if (b == '\r' || b == '\n') {
                continue;
            }
            pending[filled++] = b;
            if (filled == QUANTUM) {
                decoded.writeBytes(Base64.getDecoder().decode(pending));
                filled = 0;
            }
        }
        return decoded.toByteArray();
    }

    /// No letters are left that make no whole quantum.
    boolean isWhole() {
        return filled == 0;
    }
}
