package bank.document.rpc;

import bank.document.domain.ContentDisposition;
import bank.document.domain.Download;
import bank.document.domain.Downloads;
import bank.document.model.ByteRange;
import bank.document.model.ContentVersion;
import bank.platform.grpc.Call;
import bank.platform.grpc.Headers;
import com.google.api.HttpBody;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Optional;

/// One running DownloadDocument: sends as the caller takes.
final class DownloadStream {
    private static final int PARTIAL_CONTENT = 206;

    private final ServerCallStreamObserver<HttpBody> answer;
    private final Download download;
    private final String mediaType;
    private long left;
    private boolean done;

    private DownloadStream(
            ServerCallStreamObserver<HttpBody> answer, Download download, String mediaType, long length) {
        this.answer = answer;
        this.download = download;
        this.mediaType = mediaType;
        this.left = length;
    }

    /// Sets the headers and sends the content, or the range of it that the call asks for, whenever the
    /// caller is ready for more.
    static void start(Downloads downloads, long id, ContentVersion content, ServerCallStreamObserver<HttpBody> answer) {
        var call = Call.current();
        var etag = "\"" + content.digest() + "\"";
        var range = range(call, content, etag);
        var length = range.map(ByteRange::length).orElse(content.sizeBytes());
        var download = downloads.open(id, content, range);
        call.answer(Headers.ETAG, content.digest());
        call.answerHttp("ETag", etag);
        call.answerHttp("Content-Type", content.mediaType());
        call.answerHttp("Content-Disposition", ContentDisposition.attachment(content.fileName()));
        call.answerHttp("Accept-Ranges", "bytes");
        call.answerHttp("Cache-Control", "private, no-cache");
        call.answerHttp("Content-Length", Long.toString(length));
        range.ifPresent(part -> {
            call.answerStatus(PARTIAL_CONTENT);
            call.answerHttp("Content-Range", "bytes " + part.first() + "-" + part.last() + "/" + content.sizeBytes());
        });
        var stream = new DownloadStream(answer, download, content.mediaType(), length);
        answer.setOnCancelHandler(download::close);
        answer.setOnCloseHandler(download::close);
        answer.setOnReadyHandler(stream::send);
    }

    // A range meant for another content than this is no range (RFC 9110, 13.1.5).
    private static Optional<ByteRange> range(Call call, ContentVersion content, String etag) {
        var header = call.header(Headers.RANGE);
        var condition = call.header(Headers.IF_RANGE);
        return header == null || (condition != null && !condition.strip().equals(etag))
                ? Optional.empty()
                : ByteRange.parse(header, content.sizeBytes());
    }

    private void send() {
        while (!done && !answer.isCancelled() && answer.isReady()) {
            var chunk = download.next();
            left -= chunk.length;
            answer.onNext(HttpBody.newBuilder()
                    .setContentType(mediaType)
                    .setData(UnsafeByteOperations.unsafeWrap(chunk))
                    .build());
            if (left == 0) {
                done = true;
                download.close();
                answer.onCompleted();
            }
        }
    }
}
