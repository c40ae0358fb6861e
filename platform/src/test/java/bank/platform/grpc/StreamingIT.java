package bank.platform.grpc;

import static bank.testing.StatusAssert.assertThatFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import bank.platform.TestTokens;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureTranslator;
import bank.platform.telemetry.Tracing;
import bank.testing.TestClock;
import bank.v1.DocumentForm;
import bank.v1.DocumentServiceGrpc;
import bank.v1.DocumentServiceGrpc.DocumentServiceStub;
import bank.v1.DownloadDocumentRequest;
import bank.v1.UploadDocumentRequest;
import bank.v1.UploadDocumentResponse;
import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The interceptors around streams.
class StreamingIT {
    private final TestTokens tokens = new TestTokens(new TestClock());
    private final AtomicInteger received = new AtomicInteger();
    private final CountDownLatch receivedOnce = new CountDownLatch(1);
    private final AtomicInteger freed = new AtomicInteger();
    private final CountDownLatch freedOnce = new CountDownLatch(1);
    private GrpcServer server;
    private ManagedChannel channel;

    private final class Documents extends DocumentServiceGrpc.DocumentServiceImplBase {
        @Override
        public StreamObserver<UploadDocumentRequest> uploadDocument(StreamObserver<UploadDocumentResponse> observer) {
            return new StreamObserver<>() {
                @Override
                public void onNext(UploadDocumentRequest message) {
                    received.incrementAndGet();
                    receivedOnce.countDown();
                    if (message.getChunk().isEmpty()) {
                        throw Failure.invalid("EMPTY_FILE", "file", "is empty").exception();
                    }
                }

                @Override
                public void onError(Throwable t) {
                    freed.incrementAndGet();
                    freedOnce.countDown();
                }

                @Override
                public void onCompleted() {
                    Answer.one(observer, UploadDocumentResponse.getDefaultInstance());
                }
            };
        }

        @Override
        public void downloadDocument(DownloadDocumentRequest request, StreamObserver<HttpBody> observer) {
            Call.current().answerHttp("Content-Type", "application/pdf");
            for (var i = 0; i < request.getId(); i++) {
                observer.onNext(HttpBody.newBuilder()
                        .setData(ByteString.copyFromUtf8("x"))
                        .build());
            }
            throw Failure.of(Code.DATA_LOSS, "CONTENT_LOST", "the content broke off")
                    .exception();
        }
    }

    private static final class Answered<T> implements StreamObserver<T> {
        final CompletableFuture<Integer> end = new CompletableFuture<>();
        final AtomicInteger messages = new AtomicInteger();

        @Override
        public void onNext(T message) {
            messages.incrementAndGet();
        }

        @Override
        public void onError(Throwable t) {
            end.completeExceptionally(t);
        }

        @Override
        public void onCompleted() {
            end.complete(messages.get());
        }

        Throwable failure() {
            var thrown = catchThrowable(() -> end.get(20, TimeUnit.SECONDS));
            assertThat(thrown).isInstanceOf(ExecutionException.class);
            return thrown.getCause();
        }
    }

    @BeforeEach
    void start() {
        server = GrpcServer.start(
                "127.0.0.1",
                0,
                CallTimes.DEFAULT,
                tokens.verifier(),
                FailureTranslator.none(),
                Tracing.off(),
                List.of(new Documents()));
        channel = Channels.open("127.0.0.1:" + server.port());
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        stopServer();
    }

    /// Lets the running calls end, whose listeners have heard everything then.
    private void stopServer() {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    @Test
    void uploadThatFailsIsToldWhyAndFreedOnce() throws InterruptedException {
        var answer = new Answered<UploadDocumentResponse>();
        var upload = stub().uploadDocument(answer);
        upload.onNext(chunk("a"));
        upload.onNext(chunk(""));
        upload.onNext(chunk("late"));
        upload.onCompleted();

        assertThatFailure(answer.failure()).fails(Code.INVALID_ARGUMENT, "EMPTY_FILE");
        assertThat(freedOnce.await(20, TimeUnit.SECONDS)).isTrue();
        stopServer();
        assertThat(freed).hasValue(1);
        assertThat(received).hasValue(2);
    }

    @Test
    void uploadItsCallerLeavesIsFreedOnce() throws InterruptedException {
        var answer = new Answered<UploadDocumentResponse>();
        var upload = stub().uploadDocument(answer);
        upload.onNext(chunk("a"));
        assertThat(receivedOnce.await(20, TimeUnit.SECONDS)).isTrue();
        upload.onError(new IllegalStateException("gone"));

        assertThat(freedOnce.await(20, TimeUnit.SECONDS)).isTrue();
        stopServer();
        assertThat(freed).hasValue(1);
    }

    @Test
    void eachMessageOfAStreamIsChecked() {
        var answer = new Answered<UploadDocumentResponse>();
        var upload = stub().uploadDocument(answer);
        upload.onNext(chunk("a"));
        upload.onNext(UploadDocumentRequest.newBuilder()
                .setForm(DocumentForm.newBuilder().setDescription("x".repeat(1001)))
                .build());

        assertThatFailure(answer.failure())
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("form.description");
    }

    @Test
    void uploadWithoutTokenReachesNothing() {
        var answer = new Answered<UploadDocumentResponse>();
        var upload = DocumentServiceGrpc.newStub(channel).uploadDocument(answer);
        upload.onNext(chunk("a"));

        assertThatFailure(answer.failure()).fails(Code.UNAUTHENTICATED, "TOKEN_MISSING");
        assertThat(received).hasValue(0);
    }

    @Test
    void downloadThatBreaksOffIsToldAtItsEnd() {
        var answer = new Answered<HttpBody>();
        stub().downloadDocument(DownloadDocumentRequest.newBuilder().setId(3).build(), answer);

        var failure = answer.failure();
        assertThatFailure(failure).fails(Code.DATA_LOSS, "CONTENT_LOST");
        assertThat(answer.messages).hasValue(3);
        assertThat(trailers(failure).get(Headers.key(Headers.REQUEST_ID))).isEqualTo("r-1");
    }

    private static Metadata trailers(Throwable failure) {
        return Objects.requireNonNull(Status.trailersFromThrowable(failure));
    }

    private static UploadDocumentRequest chunk(String text) {
        return UploadDocumentRequest.newBuilder()
                .setChunk(ByteString.copyFromUtf8(text))
                .build();
    }

    private DocumentServiceStub stub() {
        var headers = new Metadata();
        headers.put(Headers.key(Headers.AUTHORIZATION), "Bearer " + TestTokens.sign(tokens.user(17, "client")));
        headers.put(Headers.key(Headers.REQUEST_ID), "r-1");
        return DocumentServiceGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }
}
