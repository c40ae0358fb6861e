package bank.platform.grpc;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.TestTokens;
import bank.platform.auth.RemoteKeys;
import bank.platform.auth.TokenVerifier;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureTranslator;
import bank.platform.telemetry.Tracing;
import bank.testing.ExpectedLog;
import bank.testing.TestClock;
import bank.testing.TraceReceiver;
import bank.v1.Contract;
import bank.v1.ContractServiceGrpc;
import bank.v1.ContractServiceGrpc.ContractServiceBlockingStub;
import bank.v1.Document;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.GetContractRequest;
import bank.v1.GetDocumentRequest;
import bank.v1.OAuthServiceGrpc;
import bank.v1.RawHttpRequest;
import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import com.nimbusds.jose.jwk.JWKSet;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The spans of two services, one of which calls the other, as a receiver of OTLP sees them.
class TracesIT {
    @RegisterExtension
    static final ExpectedLog log =
            new ExpectedLog("unexpected failure: java.lang.IllegalStateException: of 8700147110011");

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final long NUMBER = 8700147110011L;
    private static final String OUTER = "bank.v1.ContractService/GetContract";
    private static final String INNER = "bank.v1.DocumentReviewService/GetDocument";
    private static final String KEYS = "bank.v1.OAuthService/Exchange";

    private final TestTokens tokens = new TestTokens(new TestClock());
    private final String token = TestTokens.sign(tokens.user(17, "employee"));
    /// What GetContract does in the running test.
    private final AtomicReference<Runnable> work = new AtomicReference<>(() -> {});
    private final AtomicReference<Metadata> seen = new AtomicReference<>();

    private TraceReceiver receiver;
    private Tracing innerTracing;
    private Tracing outerTracing;
    private GrpcServer inner;
    private GrpcServer outer;
    private ManagedChannel toInner;
    private ManagedChannel toOuter;

    private static final class Documents extends DocumentReviewServiceGrpc.DocumentReviewServiceImplBase {
        @Override
        public void getDocument(GetDocumentRequest request, StreamObserver<Document> observer) {
            Answer.one(observer, Document.getDefaultInstance());
        }
    }

    private static final class OAuth extends OAuthServiceGrpc.OAuthServiceImplBase {
        @Override
        public void exchange(RawHttpRequest request, StreamObserver<HttpBody> observer) {
            var keys = new JWKSet(TestTokens.KEY.toPublicJWK()).toString();
            Answer.one(
                    observer,
                    HttpBody.newBuilder().setData(ByteString.copyFromUtf8(keys)).build());
        }
    }

    private final class Contracts extends ContractServiceGrpc.ContractServiceImplBase {
        @Override
        public void getContract(GetContractRequest request, StreamObserver<Contract> observer) {
            work.get().run();
            Answer.one(observer, Contract.getDefaultInstance());
        }
    }

    @BeforeEach
    void start() {
        receiver = new TraceReceiver();
        begin(receiver.overHttp(), CallTimes.DEFAULT);
    }

    private void begin(Map<String, String> variables, CallTimes times) {
        innerTracing = Tracing.of("document-service", variables);
        outerTracing = Tracing.of("contract-service", variables);
        inner = GrpcServer.start(
                "127.0.0.1",
                0,
                CallTimes.DEFAULT,
                tokens.verifier(),
                FailureTranslator.none(),
                innerTracing,
                List.of(new Documents(), new OAuth()));
        toInner = Channels.open("127.0.0.1:" + inner.port());
        outer = GrpcServer.start(
                "127.0.0.1",
                0,
                times,
                new TokenVerifier(TestTokens.config(), RemoteKeys.of(toInner), new TestClock()),
                FailureTranslator.none(),
                outerTracing,
                List.of(new Contracts()));
        toOuter = Channels.open("127.0.0.1:" + outer.port());
    }

    @AfterEach
    void stop() {
        end();
        receiver.close();
    }

    private void end() {
        toOuter.shutdownNow();
        outer.close();
        toInner.shutdownNow();
        inner.close();
        outerTracing.close();
        innerTracing.close();
    }

    private ContractServiceBlockingStub contracts(String... headers) {
        var metadata = new Metadata();
        metadata.put(Headers.key(Headers.AUTHORIZATION), "Bearer " + token);
        for (var i = 0; i < headers.length; i += 2) {
            metadata.put(Headers.key(headers[i]), headers[i + 1]);
        }
        return ContractServiceGrpc.newBlockingStub(toOuter)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private static GetContractRequest get() {
        return GetContractRequest.newBuilder().setId(NUMBER).build();
    }

    private void callInner() {
        DocumentReviewServiceGrpc.newBlockingStub(Channels.asCaller(toInner, () -> ""))
                .getDocument(GetDocumentRequest.newBuilder().setId(NUMBER).build());
    }

    private static String sampled(String flag) {
        return "00-" + TRACE + "-" + PARENT + "-" + flag;
    }

    @Test
    void oneTraceGoesThroughEveryServiceACallNeeds() throws Exception {
        work.set(this::callInner);
        contracts(Headers.TRACEPARENT, sampled("01"), Headers.TRACESTATE, "vendor=1")
                .getContract(get());

        var outer = receiver.next(OUTER);
        assertThat(outer.service()).isEqualTo("contract-service");
        assertThat(outer.trace()).isEqualTo(TRACE);
        assertThat(outer.parent()).isEqualTo(PARENT);
        assertThat(outer.span().getTraceState()).isEqualTo("vendor=1");
        assertThat(outer.isError()).isFalse();
        assertThat(outer.attributes())
                .isEqualTo(Map.of(
                        "rpc.system", "grpc",
                        "rpc.service", "bank.v1.ContractService",
                        "rpc.method", "GetContract",
                        "rpc.grpc.status_code", "0"));
        for (var name : List.of(INNER, KEYS)) {
            var inner = receiver.next(name);
            assertThat(inner.service()).isEqualTo("document-service");
            assertThat(inner.trace()).isEqualTo(TRACE);
            assertThat(inner.parent()).isEqualTo(outer.id());
            assertThat(inner.span().getTraceState()).isEqualTo("vendor=1");
        }
        assertThat(receiver.text()).doesNotContain(token, "8700147110011", "127.0.0.1");
    }

    @Test
    void grpcCarriesTracesToo() throws Exception {
        end();
        begin(receiver.overGrpc(), CallTimes.DEFAULT);
        contracts().getContract(get());

        assertThat(receiver.next(OUTER).parent()).isEmpty();
    }

    @Test
    void whatACallerDoesNotRecordIsNotRecorded() throws Exception {
        work.set(() -> {
            callInner();
            var passed = new Metadata();
            Call.current().passTrace(passed);
            seen.set(passed);
        });
        contracts(Headers.TRACEPARENT, sampled("00")).getContract(get());
        assertThat(seen.get().get(Headers.key(Headers.TRACEPARENT)))
                .startsWith("00-" + TRACE)
                .endsWith("-00");
        contracts().getContract(get());

        var recorded = List.of(receiver.next(OUTER), receiver.next(INNER));
        assertThat(recorded).noneMatch(span -> span.trace().equals(TRACE));
        assertThat(receiver.all()).noneMatch(span -> span.trace().equals(TRACE));
    }

    @Test
    void aBugIsAnErrorAndTellsNothing() throws Exception {
        work.set(() -> {
            throw new IllegalStateException("of 8700147110011");
        });
        assertThatCall(() -> contracts().getContract(get())).fails(Code.INTERNAL, "INTERNAL");

        var span = receiver.next(OUTER);
        assertThat(span.isError()).isTrue();
        assertThat(span.attributes())
                .containsEntry("rpc.grpc.status_code", "13")
                .containsEntry("error.type", "INTERNAL");
        assertThat(receiver.text()).doesNotContain("8700147110011", "broke");
    }

    @Test
    void aRefusalIsNone() throws Exception {
        work.set(() -> {
            throw Failure.notFound("contract").exception();
        });
        assertThatCall(() -> contracts().getContract(get())).fails(Code.NOT_FOUND, "NOT_FOUND");

        var span = receiver.next(OUTER);
        assertThat(span.isError()).isFalse();
        assertThat(span.attributes()).containsEntry("rpc.grpc.status_code", "5").doesNotContainKey("error.type");
    }

    @Test
    void aCallItsCallerLeavesIsCancelled() throws Exception {
        var running = new CountDownLatch(1);
        work.set(() -> awaitCancelled(running));
        var call = ContractServiceGrpc.newFutureStub(contracts().getChannel()).getContract(get());
        assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
        call.cancel(true);

        var span = receiver.next(OUTER);
        assertThat(span.attributes()).containsEntry("rpc.grpc.status_code", "1");
        assertThat(span.isError()).isFalse();
    }

    @Test
    void aCallThatTakesTooLongIsAnError() throws Exception {
        end();
        var most = Duration.ofMillis(300);
        begin(receiver.overHttp(), new CallTimes(most, most, most));
        work.set(() -> awaitCancelled(new CountDownLatch(1)));
        assertThatCall(() -> contracts().getContract(get())).fails(Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED");

        var span = receiver.next(OUTER);
        assertThat(span.isError()).isTrue();
        assertThat(span.attributes())
                .containsEntry("rpc.grpc.status_code", "4")
                .containsEntry("error.type", "DEADLINE_EXCEEDED");
    }

    private static void awaitCancelled(CountDownLatch running) {
        var cancelled = new CountDownLatch(1);
        Context.current().addListener(_ -> cancelled.countDown(), Runnable::run);
        running.countDown();
        try {
            cancelled.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
