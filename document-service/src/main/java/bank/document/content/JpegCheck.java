package bank.document.content;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Checks that a JPEG (ISO/IEC 10918-1, annex B) has every segment from SOI to EOI.
final class JpegCheck {
    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int TEM = 0x01;
    private static final int RST_FIRST = 0xD0;
    private static final int RST_LAST = 0xD7;
    private static final int BUFFER_BYTES = 64 * 1024;

    private JpegCheck() {}

    /// What is wrong, or nothing.
    static String damage(ReceivedContent content) {
        try (var in = new DataInputStream(new BufferedInputStream(content.open(), BUFFER_BYTES))) {
            if (in.readUnsignedByte() != 0xFF || in.readUnsignedByte() != SOI) {
                return "the JPEG does not begin with its marker";
            }
            var scanned = false;
            var marker = marker(in);
            while (marker != EOI) {
                if (!standsAlone(marker)) {
                    var length = in.readUnsignedShort();
                    if (length < 2) {
                        return "the JPEG has a broken segment";
                    }
                    in.skipNBytes(length - 2L);
                }
                scanned |= marker == SOS;
                marker = marker == SOS || isRestart(marker) ? markerAfterScan(in) : marker(in);
            }
            return scanned ? "" : "the JPEG has no picture";
        } catch (EOFException e) {
            return "the JPEG is cut off";
        } catch (MarkerMissingException e) {
            return "the JPEG has a broken segment";
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read spooled content", e);
        }
    }

    private static int marker(DataInputStream in) throws IOException {
        if (in.readUnsignedByte() != 0xFF) {
            throw new MarkerMissingException();
        }
        var marker = in.readUnsignedByte();
        while (marker == 0xFF) {
            marker = in.readUnsignedByte();
        }
        return marker;
    }

    // In the data of a scan, 0xFF is followed by 0 where it is data.
    private static int markerAfterScan(DataInputStream in) throws IOException {
        while (true) {
            if (in.readUnsignedByte() == 0xFF) {
                var next = in.readUnsignedByte();
                while (next == 0xFF) {
                    next = in.readUnsignedByte();
                }
                if (next != 0) {
                    return next;
                }
            }
        }
    }

    private static boolean standsAlone(int marker) {
        return marker == TEM || isRestart(marker);
    }

    private static boolean isRestart(int marker) {
        return marker >= RST_FIRST && marker <= RST_LAST;
    }

    private static final class MarkerMissingException extends IOException {}
}
