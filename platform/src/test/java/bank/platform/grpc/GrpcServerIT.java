package bank.platform.grpc;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bank.platform.TestTokens;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureTranslator;
import bank.platform.telemetry.Tracing;
import bank.testing.ExpectedLog;
import bank.testing.StatusAssert;
import bank.testing.TestClock;
import bank.v1.AuthServiceGrpc;
import bank.v1.Contract;
import bank.v1.ContractServiceGrpc;
import bank.v1.ContractServiceGrpc.ContractServiceBlockingStub;
import bank.v1.CreateContractRequest;
import bank.v1.GetContractRequest;
import bank.v1.ListContractsRequest;
import bank.v1.LoginRequest;
import bank.v1.TokenPair;
import bank.v1.UpdateContractRequest;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.google.protobuf.Empty;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.UncheckedIOException;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// The interceptors around unary rpcs, on a real server with an in-test service of bank.v1.
class GrpcServerIT {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog(
            "unexpected failure: java.lang.IllegalStateException: SELECT secret FROM host.internal",
            "unexpected failure: io.grpc.StatusRuntimeException: PERMISSION_DENIED",
            "upstream failed: io.grpc.StatusRuntimeException: UNAVAILABLE: connection refused: host.internal");

    private static final TestTokens tokens = new TestTokens(new TestClock());
    private static final MethodDescriptor<Empty, Empty> UNDESCRIBED = MethodDescriptor.<Empty, Empty>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("bank.v1.Undescribed/Call")
            .setRequestMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .build();

    /// What GetContract does in the running test.
    private static final AtomicReference<Runnable> work = new AtomicReference<>(() -> {});

    private static GrpcServer server;
    private static ManagedChannel channel;

    private static final class Contracts extends ContractServiceGrpc.ContractServiceImplBase {
        @Override
        public void getContract(GetContractRequest request, StreamObserver<Contract> observer) {
            work.get().run();
            Answer.one(
                    observer,
                    Contract.newBuilder()
                            .setContractId(request.getId())
                            .setDescription(Call.current().principal().name())
                            .setEtag("3")
                            .build());
        }

        @Override
        public void createContract(CreateContractRequest request, StreamObserver<Contract> observer) {
            Answer.one(observer, Contract.getDefaultInstance());
        }
    }

    private static final class Auth extends AuthServiceGrpc.AuthServiceImplBase {
        @Override
        public void login(LoginRequest request, StreamObserver<TokenPair> observer) {
            Answer.one(
                    observer,
                    TokenPair.newBuilder()
                            .setAccessToken(Call.current().principal().name())
                            .build());
        }
    }

    /// Request ids on the lines of a logger.
    private static final class Marks extends AppenderBase<ILoggingEvent> {
        private final List<String> ids = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            ids.add(event.getFormattedMessage() + " " + event.getMDCPropertyMap());
        }
    }

    private static final class KnownException extends RuntimeException {}

    @BeforeAll
    static void start() {
        FailureTranslator translator = e -> {
            if (!(e instanceof KnownException)) {
                return null;
            }
            Call.current().answerHttp("Content-Range", "bytes */7");
            return Failure.of(Code.OUT_OF_RANGE, "RANGE", "no such bytes");
        };
        server = GrpcServer.start(
                "127.0.0.1",
                0,
                CallTimes.DEFAULT,
                tokens.verifier(),
                translator,
                Tracing.off(),
                List.of(new Contracts(), new Auth(), GrpcServerIT::undescribed));
        channel = Channels.open("127.0.0.1:" + server.port());
    }

    private static ServerServiceDefinition undescribed() {
        return ServerServiceDefinition.builder("bank.v1.Undescribed")
                .addMethod(
                        UNDESCRIBED,
                        ServerCalls.asyncUnaryCall(
                                (request, observer) -> Answer.one(observer, Empty.getDefaultInstance())))
                .build();
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        server.close();
    }

    @BeforeEach
    void answerAtOnce() {
        work.set(() -> {});
    }

    @Test
    void marksEveryLineOfACallWithItsRequestId() {
        var logger = (ch.qos.logback.classic.Logger) LoggerFactory.getLogger("bank.test.domain");
        var marks = new Marks();
        marks.start();
        logger.addAppender(marks);
        logger.setAdditive(false);
        try {
            work.set(() -> logger.warn("working"));
            for (var id : List.of("client-1", "client-2")) {
                with(client(), Headers.REQUEST_ID, id)
                        .getContract(GetContractRequest.newBuilder().setId(1).build());
            }
        } finally {
            logger.detachAppender(marks);
        }
        assertThat(marks.ids).containsExactly("working {request_id=client-1}", "working {request_id=client-2}");
    }

    @Test
    void knowsTheCaller() {
        assertThat(client().getContract(get()).getDescription()).isEqualTo("user:17");
        assertThat(as(TestTokens.sign(tokens.machine("abs", "contracts:read")))
                        .getContract(get())
                        .getDescription())
                .isEqualTo("client:abs");
    }

    @Test
    void refusesMissingAndBadTokens() {
        var expired = TestTokens.sign(tokens.user(17, "client").expirationTime(new Date(0)));

        assertThatCall(() -> stub().getContract(get())).fails(Code.UNAUTHENTICATED, "TOKEN_MISSING");
        assertThatCall(() -> as("forged").getContract(get())).fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
        assertThatCall(() -> as(expired).getContract(get())).fails(Code.UNAUTHENTICATED, "TOKEN_EXPIRED");
        assertThatCall(() -> with(stub(), Headers.AUTHORIZATION, "Basic YTpi").getContract(get()))
                .fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
        assertThatCall(() -> with(client(), Headers.AUTHORIZATION, "Bearer x").getContract(get()))
                .fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
    }

    @Test
    void bearerIsReadInAnyCase() {
        var token = TestTokens.sign(tokens.user(17, "client"));

        assertThat(with(stub(), Headers.AUTHORIZATION, "bearer  " + token)
                        .getContract(get())
                        .getContractId())
                .isEqualTo(7);
    }

    @Test
    void refusesWhoMayNotCall() {
        assertThatCall(() -> as(TestTokens.sign(tokens.machine("abs", "contracts:write")))
                        .getContract(get()))
                .fails(Code.PERMISSION_DENIED, "SCOPE_MISSING")
                .hasMetadata("scopes", "contracts:read");
    }

    @Test
    void methodWithoutDescriptorIsForNobody() {
        var admin = MetadataUtils.newAttachHeadersInterceptor(
                headers(Headers.AUTHORIZATION, "Bearer " + TestTokens.sign(tokens.user(1, "admin"))));
        var options = CallOptions.DEFAULT;

        assertThatCall(() -> ClientCalls.blockingUnaryCall(
                        ClientInterceptors.intercept(channel, admin), UNDESCRIBED, options, Empty.getDefaultInstance()))
                .fails(Code.PERMISSION_DENIED, "ACCESS_UNDECLARED");
    }

    @Test
    void openMethodTakesNoNoticeOfTokens() {
        var login = LoginRequest.newBuilder()
                .setEmail("client@demo.test")
                .setPassword("demo-Passw0rd-2026")
                .build();
        var stub = AuthServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(
                        headers(Headers.AUTHORIZATION, "Bearer expired-long-ago")));

        assertThat(stub.login(login).getAccessToken()).isEqualTo("anonymous");
    }

    @Test
    void namesInvalidFields() {
        assertThatCall(() -> client().getContract(GetContractRequest.getDefaultInstance()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("id");
        assertThatCall(() -> client().createContract(CreateContractRequest.newBuilder()
                        .setUserId(0)
                        .setDescription("\0" + "x".repeat(1000))
                        .build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("user_id")
                .hasFieldViolation("description");
    }

    @Test
    void answersWithEntityTag() {
        var headers = answered(client());

        assertThat(headers.get(Headers.key("etag"))).isEqualTo("3");
        assertThat(headers.get(Headers.key("http-etag"))).isEqualTo("\"3\"");
    }

    @Test
    void answersWithWhatTheRpcSaysOfHttp() {
        work.set(() -> {
            Call.current().answerStatus(206);
            Call.current().answerHttp("Content-Range", "bytes 0-0/1");
            Call.current().answerHttp("Content-Range", "bytes 0-1/2");
        });
        var headers = answered(client());

        assertThat(headers.get(Headers.key("http-status"))).isEqualTo("206");
        assertThat(headers.getAll(Headers.key("http-content-range"))).containsExactly("bytes 0-1/2");
    }

    @Test
    void failureTellsWhatWasSaidForItAndNothingSaidForASuccess() {
        work.set(() -> {
            Call.current().answerStatus(206);
            Call.current().answerHttp("Content-Type", "application/pdf");
            throw new KnownException();
        });
        var trailers = failed(Code.OUT_OF_RANGE, "RANGE");

        assertThat(trailers.get(Headers.key("http-content-range"))).isEqualTo("bytes */7");
        assertThat(trailers.get(Headers.key("http-status"))).isNull();
        assertThat(trailers.get(Headers.key("http-content-type"))).isNull();
    }

    @Test
    void requestIdIsTakenFromTheCaller() {
        var named = with(client(), Headers.REQUEST_ID, "Abc-1.2_3");
        assertThat(answered(named).get(Headers.key(Headers.REQUEST_ID))).isEqualTo("Abc-1.2_3");

        work.set(() -> {
            throw new KnownException();
        });
        var failure = catchThrowableOfType(StatusRuntimeException.class, () -> named.getContract(get()));
        assertThat(Objects.requireNonNull(failure.getTrailers()).getAll(Headers.key(Headers.REQUEST_ID)))
                .containsExactly("Abc-1.2_3");
        var refused = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> with(stub(), Headers.REQUEST_ID, "r-1").getContract(get()));
        assertThat(Objects.requireNonNull(refused.getTrailers()).getAll(Headers.key(Headers.REQUEST_ID)))
                .containsExactly("r-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\"b", "01234567890123456789012345678901234567890123456789012345678901234"})
    void malformedRequestIdIsReplaced(String given) {
        assertThat(answered(with(client(), Headers.REQUEST_ID, given)).get(Headers.key(Headers.REQUEST_ID)))
                .matches("[0-9a-f-]{36}");
    }

    @Test
    void bugsAreToldByRequestIdAlone() {
        work.set(() -> {
            throw new IllegalStateException("SELECT secret FROM host.internal");
        });

        assertThatCall(() -> with(client(), Headers.REQUEST_ID, "r-7").getContract(get()))
                .fails(Code.INTERNAL, "INTERNAL")
                .hasDescriptionContaining("r-7");
        var trailers = failed(Code.INTERNAL, "INTERNAL");
        assertThat(trailers.toString()).doesNotContain("secret");
        assertThat(log.lines())
                .hasSize(2)
                .allMatch(line -> line.contains("SELECT secret FROM host.internal"))
                .first()
                .asString()
                .startsWith("ERROR FailureInterceptor bank.v1.ContractService/GetContract");
    }

    @Test
    void serviceThatIsDownMeansTryAgain() {
        work.set(() -> {
            throw Status.UNAVAILABLE
                    .withDescription("connection refused: host.internal")
                    .asRuntimeException();
        });
        var failure = catchThrowableOfType(StatusRuntimeException.class, () -> client().getContract(get()));

        assertThatCall(() -> client().getContract(get()))
                .fails(Code.UNAVAILABLE, "UPSTREAM_UNAVAILABLE")
                .hasRetryInfo();
        assertThat(failure.getStatus().getDescription()).doesNotContain("host.internal");

        work.set(() -> {
            throw Status.PERMISSION_DENIED.asRuntimeException();
        });
        failed(Code.INTERNAL, "INTERNAL");
    }

    @Test
    void rpcThatIsNotBuiltHasItsReason() {
        assertThatCall(() -> client().listContracts(ListContractsRequest.getDefaultInstance()))
                .fails(Code.UNIMPLEMENTED, "UNIMPLEMENTED");
        assertThatCall(() -> client().updateContract(UpdateContractRequest.newBuilder()
                        .setId(1)
                        .setDescription("x")
                        .build()))
                .fails(Code.UNIMPLEMENTED, "UNIMPLEMENTED");
    }

    @Test
    void rpcsRunOnVirtualThreads() {
        var virtual = new AtomicReference<Boolean>();
        work.set(() -> virtual.set(Thread.currentThread().isVirtual()));
        client().getContract(get());

        assertThat(virtual).hasValue(true);
    }

    @Test
    void healthIsOpenToEverybody() {
        assertThat(HealthGrpc.newBlockingStub(channel)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void takenPortIsNamed() {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> GrpcServer.start(
                        "127.0.0.1",
                        server.port(),
                        CallTimes.DEFAULT,
                        tokens.verifier(),
                        FailureTranslator.none(),
                        Tracing.off(),
                        List.of()))
                .withMessageContaining("127.0.0.1:" + server.port());
    }

    @Test
    void closingLetsRunningCallsEnd() throws Exception {
        var inside = new CountDownLatch(1);
        var let = new CountDownLatch(1);
        work.set(() -> {
            inside.countDown();
            await(let);
        });
        var own = GrpcServer.start(
                "127.0.0.1",
                0,
                CallTimes.DEFAULT,
                tokens.verifier(),
                FailureTranslator.none(),
                Tracing.off(),
                List.of(new Contracts()));
        var ownChannel = Channels.open("127.0.0.1:" + own.port());
        try {
            var stub = with(
                    ContractServiceGrpc.newBlockingStub(ownChannel),
                    Headers.AUTHORIZATION,
                    "Bearer " + TestTokens.sign(tokens.user(17, "client")));
            var answer = CompletableFuture.supplyAsync(() -> stub.getContract(get()));
            await(inside);
            var closed = CompletableFuture.runAsync(own::close);
            let.countDown();

            assertThat(answer.get(20, TimeUnit.SECONDS).getContractId()).isEqualTo(7);
            closed.get(20, TimeUnit.SECONDS);
        } finally {
            ownChannel.shutdownNow();
        }
    }

    private static Metadata failed(Code code, String reason) {
        var failure = catchThrowableOfType(StatusRuntimeException.class, () -> client().getContract(get()));
        StatusAssert.assertThatFailure(failure).fails(code, reason);
        return Objects.requireNonNull(failure.getTrailers());
    }

    private static Metadata answered(ContractServiceBlockingStub stub) {
        var headers = new AtomicReference<Metadata>();
        var trailers = new AtomicReference<Metadata>();
        stub.withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
                .getContract(get());
        return headers.get();
    }

    private static GetContractRequest get() {
        return GetContractRequest.newBuilder().setId(7).build();
    }

    private static ContractServiceBlockingStub stub() {
        return ContractServiceGrpc.newBlockingStub(channel);
    }

    private static ContractServiceBlockingStub client() {
        return as(TestTokens.sign(tokens.user(17, "client")));
    }

    private static ContractServiceBlockingStub as(String token) {
        return with(stub(), Headers.AUTHORIZATION, "Bearer " + token);
    }

    private static ContractServiceBlockingStub with(ContractServiceBlockingStub stub, String name, String value) {
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers(name, value)));
    }

    private static Metadata headers(String name, String value) {
        var headers = new Metadata();
        headers.put(Headers.key(name), value);
        return headers;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
