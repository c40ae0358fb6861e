package bank.edge.transcode;

import bank.edge.route.Rpc;
import bank.edge.upstream.UpstreamCall;
import bank.v1.FileHeader;
import bank.v1.Upload;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/// The messages of an upload's client stream, written to the wire without message objects.
final class UploadMessages {
    private static final int CHUNK_BYTES = 256 * 1024;

    private final UpstreamCall call;
    private final Rpc rpc;
    private final Upload upload;
    private byte[] first;

    /// @param first fields that go with the first message, as wire bytes
    UploadMessages(UpstreamCall call, Rpc rpc, Upload upload, byte[] first) {
        this.call = call;
        this.rpc = rpc;
        this.upload = upload;
        this.first = first;
    }

    /// Sends a form message. False when the service takes no more; so too below.
    boolean form(byte[] form) {
        return send(upload.getForm(), form);
    }

    /// Sends a file: its header, then its bytes in chunks.
    ///
    /// @throws IOException when the client goes away
    boolean file(String fileName, String contentDigest, InputStream content) throws IOException {
        var header = FileHeader.newBuilder().setFileName(fileName).setContentDigest(contentDigest);
        boolean taken = send(upload.getFile(), header.build().toByteArray());
        var chunk = new byte[CHUNK_BYTES];
        for (int n = CHUNK_BYTES; taken && n == CHUNK_BYTES; ) {
            n = content.readNBytes(chunk, 0, CHUNK_BYTES);
            taken = n == 0 || send(upload.getChunk(), n == CHUNK_BYTES ? chunk : Arrays.copyOf(chunk, n));
        }
        return taken;
    }

    /// Ends the stream of messages.
    void end() {
        if (first.length > 0) {
            call.send(first);
        }
        call.halfClose();
    }

    private boolean send(String fieldName, byte[] payload) {
        byte[] lead = first;
        first = new byte[0];
        return call.send(lead, tag(fieldName, payload.length), payload);
    }

    private byte[] tag(String fieldName, int length) {
        FieldDescriptor field = rpc.input().findFieldByName(fieldName);
        var out = new ByteArrayOutputStream();
        var coded = CodedOutputStream.newInstance(out);
        try {
            coded.writeTag(field.getNumber(), WireFormat.WIRETYPE_LENGTH_DELIMITED);
            coded.writeUInt32NoTag(length);
            coded.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
