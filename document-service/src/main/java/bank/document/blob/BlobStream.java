package bank.document.blob;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;

/// The bytes of an object as they come. Ends with an error where the connection ends too early, and drops
/// the connection when closed before the end, where it would otherwise read what nobody wants.
final class BlobStream extends FilterInputStream {
    private final ResponseInputStream<?> object;
    private long left;

    BlobStream(ResponseInputStream<?> object, long length) {
        super(object);
        this.object = object;
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        var read = readObject(buffer, offset, (int) Math.min(length, left));
        if (read < 0) {
            throw new EOFException("the content store ended " + left + " bytes too early");
        }
        left -= read;
        return read;
    }

    private int readObject(byte[] buffer, int offset, int length) throws IOException {
        try {
            return super.read(buffer, offset, length);
        } catch (SdkException e) {
            throw new IOException("the content store broke off " + left + " bytes too early", e);
        }
    }

    @Override
    public void close() throws IOException {
        if (left > 0) {
            object.abort();
        } else {
            super.close();
        }
    }
}
