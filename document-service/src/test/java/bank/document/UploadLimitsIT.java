package bank.document;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.StatusAssert;
import bank.v1.DocumentServiceGrpc;
import bank.v1.FileHeader;
import bank.v1.UploadDocumentRequest;
import bank.v1.UploadDocumentResponse;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class UploadLimitsIT {
    private static final byte[] PDF = SmallPdf.of("limits", 600_000);

    @RegisterExtension
    static final DocumentServiceExtension service = new DocumentServiceExtension(
            Map.of("upload.at-once-max", "2", "upload.caller-at-once-max", "1", "upload.silence-max", "PT30S"));

    private final List<Running> filling = new ArrayList<>();

    @AfterEach
    void cancelFilling() {
        filling.forEach(running -> running.requests.cancel("the test is over", null));
        await(() -> service.spooled().isEmpty());
    }

    @Test
    void takesSoManyFilesAtOnceAndNoMore() {
        var running = new Running();
        running.send(PDF.length / 2);
        awaitBusy();
        fill(service.otherClient());
        assertThatCall(() -> Sent.upload(service.client(), "b.pdf", SmallPdf.of("b")))
                .fails(Code.UNAVAILABLE, "TOO_MANY_UPLOADS")
                .hasRetryInfo();
        running.send(PDF.length);
        running.requests.onCompleted();
        assertThat(running.answer.join().getSizeBytes()).isEqualTo(PDF.length);
        Sent.upload(service.client(), "b.pdf", SmallPdf.of("b"));
    }

    @Test
    void givesACallerHisShareOfThePlacesAndNoMore() {
        var running = new Running();
        running.send(PDF.length / 2);
        awaitBusy();
        assertThatCall(() -> Sent.upload(service.client(), "b.pdf", SmallPdf.of("b")))
                .fails(Code.RESOURCE_EXHAUSTED, "CALLER_UPLOADS_EXCEEDED")
                .hasRetryInfo();
        Sent.upload(service.otherClient(), "b.pdf", SmallPdf.of("b"));
        running.send(PDF.length);
        running.requests.onCompleted();
        assertThat(running.answer.join().getSizeBytes()).isEqualTo(PDF.length);
    }

    @Test
    void keepsThePlaceOfWhoeverPausesForLessThanTheSilenceAllowed() {
        var pausing = new Running();
        pausing.send(PDF.length / 2);
        awaitBusy();
        service.clock.advance(Duration.ofSeconds(30));
        assertThatCall(() -> Sent.upload(service.client(), "b.pdf", SmallPdf.of("b")))
                .fails(Code.RESOURCE_EXHAUSTED, "CALLER_UPLOADS_EXCEEDED");
        pausing.send(PDF.length);
        pausing.requests.onCompleted();
        assertThat(pausing.answer.join().getSizeBytes()).isEqualTo(PDF.length);
    }

    @Test
    void keepsThePlaceOfASilentCallerWhileNobodyNeedsIt() {
        var silent = new Running();
        silent.send(PDF.length / 2);
        awaitBusy();
        service.clock.advance(Duration.ofMinutes(10));
        silent.send(PDF.length);
        silent.requests.onCompleted();
        assertThat(silent.answer.join().getSizeBytes()).isEqualTo(PDF.length);
    }

    @Test
    void freesThePlaceOfACallerWhoWentAway() {
        var running = new Running();
        running.send(PDF.length / 2);
        awaitBusy();
        running.requests.cancel("the caller goes away", null);
        awaitFree();
    }

    @Test
    void refusesAFileThatTakesTooLong() {
        var running = new Running();
        running.send(PDF.length / 2);
        awaitBusy();
        service.clock.advance(Duration.ofMinutes(16));
        running.send(PDF.length);
        StatusAssert.assertThatFailure(running.failure()).fails(Code.DEADLINE_EXCEEDED, "UPLOAD_TOO_SLOW");
        awaitFree();
    }

    @Test
    void givesThePlaceOfASilentCallerToTheNext() {
        var silent = new Running();
        silent.send(PDF.length / 2);
        awaitBusy();
        service.clock.advance(Duration.ofSeconds(31));
        Sent.upload(service.client(), "b.pdf", SmallPdf.of("next"));
        silent.send(PDF.length);
        StatusAssert.assertThatFailure(silent.failure()).fails(Code.DEADLINE_EXCEEDED, "UPLOAD_TOO_SLOW");
    }

    /// Waits until the server has received so much that it keeps it in a file.
    private static void awaitBusy() {
        await(() -> !service.spooled().isEmpty());
    }

    private static void awaitFree() {
        await(UploadLimitsIT::isFree);
        assertThat(service.spooled()).isEmpty();
    }

    private static void await(BooleanSupplier condition) {
        var end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
        }
    }

    /// Takes another place for a caller, until the test is over.
    private void fill(DocumentServiceExtension.Caller caller) {
        var before = service.spooled().size();
        var running = new Running(caller);
        filling.add(running);
        running.send(PDF.length / 2);
        await(() -> service.spooled().size() > before);
    }

    private static boolean isFree() {
        try {
            Sent.upload(service.client().with("validate-only", "true"), "probe.pdf", SmallPdf.of("probe"));
            return true;
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
            return false;
        }
    }

    /// An upload in the middle.
    private static final class Running {
        final CompletableFuture<UploadDocumentResponse> answer = new CompletableFuture<>();
        final ClientCallStreamObserver<UploadDocumentRequest> requests;
        private int sent;

        Running() {
            this(service.client());
        }

        Running(DocumentServiceExtension.Caller caller) {
            requests = (ClientCallStreamObserver<UploadDocumentRequest>)
                    DocumentServiceGrpc.newStub(caller.channel()).uploadDocument(new StreamObserver<>() {
                        @Override
                        public void onNext(UploadDocumentResponse value) {
                            answer.complete(value);
                        }

                        @Override
                        public void onError(Throwable t) {
                            answer.completeExceptionally(t);
                        }

                        @Override
                        public void onCompleted() {}
                    });
            requests.onNext(UploadDocumentRequest.newBuilder()
                    .setFile(FileHeader.newBuilder().setFileName("a.pdf"))
                    .build());
        }

        void send(int upTo) {
            requests.onNext(UploadDocumentRequest.newBuilder()
                    .setChunk(ByteString.copyFrom(PDF, sent, upTo - sent))
                    .build());
            sent = upTo;
        }

        StatusRuntimeException failure() {
            try {
                answer.join();
                return Status.OK.asRuntimeException();
            } catch (CompletionException e) {
                return (StatusRuntimeException) e.getCause();
            }
        }
    }
}
