package bank.document.content;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Checks that a PNG (ISO/IEC 15948, 5.3) has every chunk from IHDR to IEND.
final class PngCheck {
    private static final int SIGNATURE_BYTES = 8;
    private static final int CHUNK_FRAME_BYTES = 12;
    private static final int CHUNKS_MAX = 1_000_000;

    private PngCheck() {}

    /// What is wrong, or nothing.
    static String damage(ReceivedContent content) {
        long position = SIGNATURE_BYTES;
        for (var i = 0; i < CHUNKS_MAX; i++) {
            var head = content.read(position, 8);
            if (head.length < 8) {
                return "the PNG is cut off";
            }
            var length = Integer.toUnsignedLong(ByteBuffer.wrap(head).getInt());
            var type = new String(head, 4, 4, StandardCharsets.ISO_8859_1);
            if (i == 0 && !type.equals("IHDR")) {
                return "the PNG does not begin with its header";
            }
            position += CHUNK_FRAME_BYTES + length;
            if (position > content.sizeBytes()) {
                return "the PNG is cut off";
            }
            if (type.equals("IEND")) {
                return "";
            }
        }
        return "the PNG has too many chunks";
    }
}
