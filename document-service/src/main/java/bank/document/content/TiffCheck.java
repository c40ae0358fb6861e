package bank.document.content;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Checks that a TIFF (6.0, in either byte order) has every page: the directories, what they point to and
/// the strips or tiles of the pictures lie inside the file.
final class TiffCheck {
    private static final int PAGES_MAX = 10_000;
    private static final int ENTRY_BYTES = 12;
    private static final int STRIP_OFFSETS = 273;
    private static final int STRIP_BYTE_COUNTS = 279;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_BYTE_COUNTS = 325;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int VALUES_MAX = 1_000_000;
    private static final String CUT_OFF = "the TIFF is cut off";

    private final ReceivedContent content;
    private final ByteOrder order;

    private TiffCheck(ReceivedContent content, ByteOrder order) {
        this.content = content;
        this.order = order;
    }

    /// What is wrong, or nothing.
    static String damage(ReceivedContent content) {
        var head = content.read(0, 8);
        if (head.length < 8) {
            return CUT_OFF;
        }
        var order = head[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        var buffer = ByteBuffer.wrap(head).order(order);
        if (buffer.getShort(2) != 42) {
            return "only classic TIFF is taken";
        }
        return new TiffCheck(content, order).pages(Integer.toUnsignedLong(buffer.getInt(4)));
    }

    private String pages(long first) {
        var position = first;
        for (var page = 0; page < PAGES_MAX; page++) {
            var count = bytes(position, 2);
            if (position < 8 || count.limit() < 2) {
                return CUT_OFF;
            }
            var length = Short.toUnsignedInt(count.getShort(0)) * ENTRY_BYTES;
            var entries = bytes(position + 2, length + 4);
            if (length == 0 || entries.limit() < length + 4) {
                return CUT_OFF;
            }
            var damage = page(entries, length);
            if (!damage.isEmpty()) {
                return damage;
            }
            position = Integer.toUnsignedLong(entries.getInt(length));
            if (position == 0) {
                return "";
            }
        }
        return "the TIFF has more than " + PAGES_MAX + " pages";
    }

    private String page(ByteBuffer entries, int length) {
        var offsets = new long[0];
        var counts = new long[0];
        for (var at = 0; at < length; at += ENTRY_BYTES) {
            switch (Short.toUnsignedInt(entries.getShort(at))) {
                case STRIP_OFFSETS, TILE_OFFSETS -> offsets = values(entries, at);
                case STRIP_BYTE_COUNTS, TILE_BYTE_COUNTS -> counts = values(entries, at);
                default -> {
                    // Other entries describe the picture; readers do without them.
                }
            }
        }
        if (offsets.length == 0 || offsets.length != counts.length) {
            return "the TIFF has a page without a picture";
        }
        for (var i = 0; i < offsets.length; i++) {
            if (offsets[i] + counts[i] > content.sizeBytes()) {
                return CUT_OFF;
            }
        }
        return "";
    }

    /// Numbers of an entry: in its last four bytes when they fit there, elsewhere in the file when not.
    private long[] values(ByteBuffer entries, int at) {
        var type = Short.toUnsignedInt(entries.getShort(at + 2));
        var count = Integer.toUnsignedLong(entries.getInt(at + 4));
        if ((type != SHORT && type != LONG) || count > VALUES_MAX) {
            return new long[0];
        }
        var width = type == SHORT ? 2 : 4;
        var length = (int) count * width;
        var values = length <= 4
                ? entries.slice(at + 8, 4).order(order)
                : bytes(Integer.toUnsignedLong(entries.getInt(at + 8)), length);
        if (values.limit() < length) {
            return new long[0];
        }
        var numbers = new long[(int) count];
        for (var i = 0; i < numbers.length; i++) {
            numbers[i] = width == 2
                    ? Short.toUnsignedInt(values.getShort(i * 2))
                    : Integer.toUnsignedLong(values.getInt(i * 4));
        }
        return numbers;
    }

    private ByteBuffer bytes(long position, int length) {
        return ByteBuffer.wrap(content.read(position, length)).order(order);
    }
}
