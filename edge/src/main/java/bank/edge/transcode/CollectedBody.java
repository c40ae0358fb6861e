package bank.edge.transcode;

import bank.edge.http.HeldBytes;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/// The whole body of a request, gathered without a thread that waits for it. Of a body that is too long, or
/// for which there is no room, the rest is left to the server, as [RequestBody] does.
public final class CollectedBody implements Subscriber<HttpObject> {
    private static final byte[] NONE = {};

    private final long bytesMax;
    private final Supplier<Failure> tooLong;
    private final HeldBytes.Share.Body held;
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private byte[] first = NONE;
    private @Nullable ByteArrayOutputStream bytes;
    private @Nullable Subscription subscription;

    private CollectedBody(long bytesMax, Supplier<Failure> tooLong, HeldBytes.Share.Body held) {
        this.bytesMax = bytesMax;
        this.tooLong = tooLong;
        this.held = held;
    }

    /// Gathers a body.
    ///
    /// @param tooLong what a body of more bytes fails with
    /// @param held what the exchange holds
    /// @return the bytes; or a [FailureException], or an [IOException] when it broke off
    public static CompletableFuture<byte[]> of(
            HttpRequest request, long bytesMax, Supplier<Failure> tooLong, HeldBytes.Share held) {
        if (isNone(request)) {
            return CompletableFuture.completedFuture(NONE);
        }
        if (request.headers().contentLength() > bytesMax) {
            return CompletableFuture.failedFuture(tooLong.get().exception());
        }
        var body = new CollectedBody(bytesMax, tooLong, held.body(request.headers()));
        request.subscribe(body);
        return body.whole;
    }

    /// A body that broke off before its first byte is empty too, and yet not none.
    private static boolean isNone(HttpRequest request) {
        return request.isEmpty()
                && request.headers().contentLength() <= 0
                && !request.whenComplete().isCompletedExceptionally();
    }

    @Override
    public void onSubscribe(Subscription s) {
        subscription = s;
        s.request(1);
    }

    @Override
    public void onNext(HttpObject object) {
        if (object instanceof HttpData data && !data.isEmpty()) {
            int size = bytes == null ? first.length : bytes.size();
            if (size + (long) data.length() > bytesMax) {
                whole.completeExceptionally(tooLong.get().exception());
                return;
            }
            try {
                held.count(data);
            } catch (FailureException e) {
                whole.completeExceptionally(e);
                return;
            }
            add(data.array());
        }
        if (subscription != null) {
            subscription.request(1);
        }
    }

    /// Most bodies come in one piece, which is taken as it is.
    private void add(byte[] piece) {
        if (first.length == 0) {
            first = piece;
            return;
        }
        if (bytes == null) {
            bytes = new ByteArrayOutputStream(2 * (first.length + piece.length));
            bytes.writeBytes(first);
        }
        bytes.writeBytes(piece);
    }

    @Override
    public void onError(Throwable cause) {
        whole.completeExceptionally(new IOException("the body broke off", cause));
    }

    @Override
    public void onComplete() {
        whole.complete(bytes == null ? first : bytes.toByteArray());
    }
}
