package bank.document.rpc;

import bank.document.content.ReceivedContent;
import bank.document.domain.Uploads;
import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.PromisedDigests;
import bank.platform.grpc.Call;
import bank.v1.FileHeader;
import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/// The one file of an upload stream: its header, then its chunks.
final class IncomingFile implements AutoCloseable {
    private static final int CHUNK_BYTES_MAX = 1024 * 1024;

    private final Uploads uploads;
    private final long bytesMax;
    private @Nullable FileHeader header;
    private Uploads.@Nullable Incoming incoming;

    IncomingFile(Uploads uploads, long bytesMax) {
        this.uploads = uploads;
        this.bytesMax = bytesMax;
    }

    void open(FileHeader opened) {
        if (header != null) {
            throw new DocumentException(new DocumentFailure.InvalidField("file", "sent twice"));
        }
        header = opened;
        incoming = uploads.receive(
                Call.current().principal().name(), bytesMax, PromisedDigests.parse(opened.getContentDigest()));
    }

    void write(ByteString chunk) {
        if (incoming == null) {
            throw new DocumentException(new DocumentFailure.FileMissing());
        }
        if (chunk.size() > CHUNK_BYTES_MAX) {
            throw new DocumentException(
                    new DocumentFailure.InvalidField("chunk", "longer than " + CHUNK_BYTES_MAX + " bytes"));
        }
        incoming.write(chunk.asReadOnlyByteBuffer());
    }

    /// Name the sender gave in the header, or empty.
    String name() {
        return header == null ? "" : header.getFileName();
    }

    /// The content, good until this is closed.
    ReceivedContent finish() {
        if (incoming == null) {
            throw new DocumentException(new DocumentFailure.FileMissing());
        }
        return incoming.finish();
    }

    @Override
    public void close() {
        if (incoming != null) {
            incoming.close();
        }
    }
}
