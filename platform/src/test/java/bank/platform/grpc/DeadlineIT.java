package bank.platform.grpc;

import static bank.testing.StatusAssert.assertThatCall;
import static bank.testing.StatusAssert.assertThatFailure;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.TestTokens;
import bank.platform.failure.FailureTranslator;
import bank.platform.telemetry.Tracing;
import bank.testing.Eventually;
import bank.testing.TestClock;
import bank.v1.Contract;
import bank.v1.ContractServiceGrpc;
import bank.v1.ContractServiceGrpc.ContractServiceBlockingStub;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.DocumentServiceGrpc;
import bank.v1.GetContractRequest;
import bank.v1.UploadDocumentRequest;
import bank.v1.UploadDocumentResponse;
import bank.v1.WatchDocumentsRequest;
import bank.v1.WatchDocumentsResponse;
import com.google.protobuf.ByteString;
import com.nimbusds.jwt.JWTClaimsSet;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Calls whose callers give them more time than there is, or do not say.
class DeadlineIT {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final int WAIT_SECONDS = 30;

    private final TestClock clock = new TestClock();
    private final TestTokens tokens = new TestTokens(clock);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch received = new CountDownLatch(1);
    private final CountDownLatch freed = new CountDownLatch(1);
    private final AtomicInteger frees = new AtomicInteger();
    private GrpcServer server;
    private ManagedChannel channel;

    /// Works until it is told to stop.
    private final class Contracts extends ContractServiceGrpc.ContractServiceImplBase {
        @Override
        public void getContract(GetContractRequest request, StreamObserver<Contract> observer) {
            if (request.getId() > 1) {
                var told = new CountDownLatch(1);
                Context.current().addListener(context -> told.countDown(), Runnable::run);
                await(told);
                assertThat(Context.current().isCancelled()).isTrue();
                stopped.countDown();
            }
            Answer.one(
                    observer,
                    Contract.newBuilder().setContractId(request.getId()).build());
        }
    }

    private final class Documents extends DocumentServiceGrpc.DocumentServiceImplBase {
        @Override
        public StreamObserver<UploadDocumentRequest> uploadDocument(StreamObserver<UploadDocumentResponse> observer) {
            return new StreamObserver<>() {
                @Override
                public void onNext(UploadDocumentRequest message) {
                    received.countDown();
                }

                @Override
                public void onError(Throwable t) {
                    frees.incrementAndGet();
                    freed.countDown();
                }

                @Override
                public void onCompleted() {
                    Answer.one(observer, UploadDocumentResponse.getDefaultInstance());
                }
            };
        }
    }

    private final class Reviews extends DocumentReviewServiceGrpc.DocumentReviewServiceImplBase {
        @Override
        public void watchDocuments(WatchDocumentsRequest request, StreamObserver<WatchDocumentsResponse> observer) {
            ((ServerCallStreamObserver<WatchDocumentsResponse>) observer).setOnCancelHandler(freed::countDown);
            observer.onNext(WatchDocumentsResponse.newBuilder().setId("1").build());
        }
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    @Test
    void endsACallOfWhichNoTimeWasAsked() {
        start(new CallTimes(SHORT, LONG, LONG));
        assertThatCall(() -> contracts().getContract(contract(2))).fails(Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED");
        await(stopped);
        assertThat(contracts().getContract(contract(1)).getContractId()).isEqualTo(1);
    }

    @Test
    void endsACallOfWhichMoreTimeWasAskedThanThereIs() {
        start(new CallTimes(SHORT, SHORT, LONG));
        assertThatCall(() -> contracts()
                        .withDeadlineAfter(LONG.toSeconds(), TimeUnit.SECONDS)
                        .getContract(contract(2)))
                .fails(Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED");
        await(stopped);
    }

    @Test
    void endsAStreamThatFellSilentAndFreesItOnce() throws Exception {
        start(new CallTimes(LONG, LONG, SHORT));
        var answer = new CompletableFuture<UploadDocumentResponse>();
        var upload = DocumentServiceGrpc.newStub(signedIn()).uploadDocument(new StreamObserver<>() {
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
        upload.onNext(UploadDocumentRequest.newBuilder()
                .setChunk(ByteString.copyFromUtf8("a"))
                .build());
        try {
            answer.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertThatFailure(e.getCause()).fails(Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED");
        }
        assertThat(answer).isCompletedExceptionally();
        await(freed);
        server.close();
        assertThat(frees).hasValue(1);
    }

    @Test
    void endsAStreamThatCanBeResumedWithTheTokenOfItsCaller() throws Exception {
        start(new CallTimes(LONG, LONG, LONG));
        var seen = watch(endingSoon());

        assertThat(seen.poll(WAIT_SECONDS, TimeUnit.SECONDS)).isEqualTo("1");
        assertThat(seen.poll(WAIT_SECONDS, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        ended -> assertThatFailure(ended).fails(Code.UNAUTHENTICATED, "TOKEN_EXPIRED"));
        await(freed);
    }

    @Test
    void endsAStreamThatCanBeResumedByItsDeadlineWhereThatIsSooner() throws Exception {
        start(new CallTimes(LONG, LONG, SHORT));
        var seen = watch(tokens.user(17, "client"));

        assertThat(seen.poll(WAIT_SECONDS, TimeUnit.SECONDS)).isEqualTo("1");
        assertThat(seen.poll(WAIT_SECONDS, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        ended -> assertThatFailure(ended).fails(Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED"));
    }

    @Test
    void letsAnUploadEndWhoseTokenEndsOnTheWay() throws Exception {
        start(new CallTimes(LONG, LONG, LONG));
        var ending = TestTokens.sign(endingSoon());
        var answer = new CompletableFuture<UploadDocumentResponse>();
        var upload = DocumentServiceGrpc.newStub(signedIn(ending)).uploadDocument(new StreamObserver<>() {
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
        upload.onNext(UploadDocumentRequest.newBuilder()
                .setChunk(ByteString.copyFromUtf8("a"))
                .build());
        await(received);
        // Another stream, which ends with the same token, tells that it has ended.
        var seen = watch(endingSoon());
        Eventually.holds("the token has ended", Duration.ofSeconds(WAIT_SECONDS), () -> seen.size() == 2);
        upload.onCompleted();

        assertThat(answer.get(WAIT_SECONDS, TimeUnit.SECONDS)).isNotNull();
    }

    /// Claims of a token whose end has passed, and which counts for a moment more, for the sake of clocks that
    /// differ.
    private JWTClaimsSet.Builder endingSoon() {
        var claims = tokens.user(17, "client");
        claims.expirationTime(Date.from(clock.instant().minusSeconds(4)));
        return claims;
    }

    /// What whoever watches sees: ids, then how it ends.
    private BlockingQueue<Object> watch(JWTClaimsSet.Builder token) {
        BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
        DocumentReviewServiceGrpc.newStub(signedIn(TestTokens.sign(token)))
                .watchDocuments(WatchDocumentsRequest.getDefaultInstance(), new StreamObserver<>() {
                    @Override
                    public void onNext(WatchDocumentsResponse value) {
                        seen.add(value.getId());
                    }

                    @Override
                    public void onError(Throwable t) {
                        seen.add(t);
                    }

                    @Override
                    public void onCompleted() {
                        seen.add("end");
                    }
                });
        return seen;
    }

    @Test
    void letsWhoeverWatchesTheHealthWatchOn() throws Exception {
        start(new CallTimes(SHORT, SHORT, SHORT));
        BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
        HealthGrpc.newStub(channel).watch(HealthCheckRequest.getDefaultInstance(), new StreamObserver<>() {
            @Override
            public void onNext(HealthCheckResponse value) {
                seen.add(value.getStatus());
            }

            @Override
            public void onError(Throwable t) {
                seen.add(t);
            }

            @Override
            public void onCompleted() {
                seen.add("end");
            }
        });
        assertThat(seen.poll(WAIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(ServingStatus.SERVING);
        // Takes all the time that other calls have.
        assertThatCall(() -> contracts().getContract(contract(2))).fails(Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED");
        var closing = CompletableFuture.runAsync(server::close);
        assertThat(seen.poll(WAIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(ServingStatus.NOT_SERVING);
        channel.shutdownNow();
        closing.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    private void start(CallTimes times) {
        server = GrpcServer.start(
                "127.0.0.1",
                0,
                times,
                tokens.verifier(),
                FailureTranslator.none(),
                Tracing.off(),
                List.of(new Contracts(), new Documents(), new Reviews()));
        channel = Channels.open("127.0.0.1:" + server.port());
    }

    private ContractServiceBlockingStub contracts() {
        return ContractServiceGrpc.newBlockingStub(signedIn());
    }

    private io.grpc.Channel signedIn() {
        return signedIn(TestTokens.sign(tokens.user(17, "client")));
    }

    private io.grpc.Channel signedIn(String token) {
        var headers = new Metadata();
        headers.put(Headers.key(Headers.AUTHORIZATION), "Bearer " + token);
        return io.grpc.ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static GetContractRequest contract(long id) {
        return GetContractRequest.newBuilder().setId(id).build();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
