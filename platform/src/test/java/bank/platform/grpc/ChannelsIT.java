package bank.platform.grpc;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.platform.TestTokens;
import bank.platform.auth.OwnToken;
import bank.platform.auth.Principal;
import bank.platform.failure.FailureTranslator;
import bank.platform.telemetry.Tracing;
import bank.testing.ProofKey;
import bank.testing.TestClock;
import bank.v1.Contract;
import bank.v1.ContractServiceGrpc;
import bank.v1.ContractServiceGrpc.ContractServiceBlockingStub;
import bank.v1.GetContractRequest;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What goes along with a call to another service.
class ChannelsIT {
    private record Seen(String caller, String requestId, String trace, boolean dryRun, String key, Deadline deadline) {}

    private final TestTokens tokens = new TestTokens(new TestClock());
    private volatile Seen seen;
    private GrpcServer server;
    private ManagedChannel channel;

    /// Gives one token after the other, each until it is forgotten.
    private static final class Tokens implements OwnToken {
        private final Deque<String> left;
        final List<String> forgotten = new ArrayList<>();

        Tokens(String... tokens) {
            this.left = new ArrayDeque<>(List.of(tokens));
        }

        @Override
        public String get() {
            return left.getFirst();
        }

        @Override
        public void forget(String refused) {
            assertThat(left.removeFirst()).isEqualTo(refused);
            forgotten.add(refused);
        }
    }

    private final class Contracts extends ContractServiceGrpc.ContractServiceImplBase {
        @Override
        public void getContract(GetContractRequest request, StreamObserver<Contract> observer) {
            var call = Call.current();
            seen = new Seen(
                    call.principal().name(),
                    call.requestId(),
                    call.header(Headers.TRACEPARENT),
                    call.validateOnly(),
                    call.header(Headers.IDEMPOTENCY_KEY),
                    Context.current().getDeadline());
            Answer.one(observer, Contract.getDefaultInstance());
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
                List.of(new Contracts()));
        channel = Channels.open("127.0.0.1:" + server.port());
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    @Test
    void callersTokenRequestTraceAndDryRunGoAlong() {
        within(
                Map.of(
                        Headers.AUTHORIZATION, "Bearer " + TestTokens.sign(tokens.user(17, "client")),
                        Headers.TRACEPARENT, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                        Headers.VALIDATE_ONLY, "true",
                        Headers.IDEMPOTENCY_KEY, "k"),
                Channels.asCaller(channel, () -> ""));

        assertThat(seen.caller()).isEqualTo("user:17");
        assertThat(seen.requestId()).isEqualTo("request-1");
        assertThat(seen.trace()).isEqualTo("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        assertThat(seen.dryRun()).isTrue();
        assertThat(seen.key()).isNull();
    }

    @Test
    void ownTokenTakesThePlaceOfTheCallers() {
        within(
                Map.of(Headers.AUTHORIZATION, "Bearer " + TestTokens.sign(tokens.user(17, "client"))),
                Channels.asService(channel, () -> TestTokens.sign(tokens.machine("test", "contracts:read"))));

        assertThat(seen.caller()).isEqualTo("client:test");
        assertThat(seen.dryRun()).isFalse();
    }

    @Test
    void ownTokenServesOutsideOfACallToo() {
        stub(Channels.asService(channel, () -> TestTokens.sign(tokens.machine("test", "contracts:read"))))
                .getContract(get());

        assertThat(seen.caller()).isEqualTo("client:test");
        assertThatCall(() -> stub(Channels.asCaller(channel, () -> "")).getContract(get()))
                .fails(Code.UNAUTHENTICATED, "TOKEN_MISSING");
    }

    @Test
    void refusedOwnTokenIsForgottenAndTheCallMadeOnceMore() throws Exception {
        var own = new Tokens("a.b.c", TestTokens.sign(tokens.machine("test", "contracts:read")));
        stub(Channels.asService(channel, own)).getContract(get());
        assertThat(seen.caller()).isEqualTo("client:test");
        assertThat(own.forgotten).containsExactly("a.b.c");

        own = new Tokens("a.b.c", TestTokens.sign(tokens.machine("test", "contracts:read")));
        var answer = ContractServiceGrpc.newFutureStub(Channels.asService(channel, own))
                .getContract(get());
        assertThat(answer.get(10, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void ownTokenIsRefusedTwiceAtMostAndForNothingElse() {
        var refused = new Tokens("a.b.c", "d.e.f", "g.h.i");
        assertThatCall(() -> stub(Channels.asService(channel, refused)).getContract(get()))
                .fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
        assertThat(refused.forgotten).hasSize(1);

        var narrow = new Tokens(TestTokens.sign(tokens.machine("test", "users:read")));
        assertThatCall(() -> stub(Channels.asService(channel, narrow)).getContract(get()))
                .fails(Code.PERMISSION_DENIED, "SCOPE_MISSING");
        assertThat(narrow.forgotten).isEmpty();
    }

    @Test
    void callersRefusalIsHisWhereNoOwnTokenWentAlong() {
        var own = new Tokens("a.b.c");
        assertThatCall(() -> within(Map.of(Headers.AUTHORIZATION, "Bearer x.y.z"), Channels.asCaller(channel, own)))
                .fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
        assertThat(own.forgotten).isEmpty();
    }

    @Test
    void tokenBesideABoundOneIsForgottenToo() {
        var key = new ProofKey();
        var bound = TestTokens.sign(tokens.user(17, "client").claim("cnf", Map.of("jkt", key.thumbprint())));
        var own = new Tokens("a.b.c", TestTokens.sign(tokens.machine("test", PossessionCheck.FORWARDING)));
        within(Map.of(Headers.AUTHORIZATION, "DPoP " + bound), Channels.asCaller(channel, own));
        assertThat(seen.caller()).isEqualTo("user:17");
        assertThat(own.forgotten).containsExactly("a.b.c");
    }

    @Test
    void ofSeveralAddressesThoseThatCanBeReachedServe() throws IOException {
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        var several = Channels.open("127.0.0.1:" + closed + ", localhost:" + server.port());
        try {
            for (var i = 0; i < 5; i++) {
                stub(Channels.asService(several, () -> TestTokens.sign(tokens.machine("test", "contracts:read"))))
                        .getContract(get());
                assertThat(seen.caller()).isEqualTo("client:test");
                seen = null;
            }
        } finally {
            several.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:1,", ",127.0.0.1:1", "127.0.0.1:1,127.0.0.1", "127.0.0.1:1,a b:1"})
    void refusesListsThatAreNone(String addresses) {
        assertThatThrownBy(() -> Channels.open(addresses)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyCallHasADeadlineAndTheNearestHolds() {
        var own = Channels.asService(channel, () -> TestTokens.sign(tokens.machine("test", "contracts:read")));
        stub(own).getContract(get());
        assertThat(seen.deadline().timeRemaining(TimeUnit.SECONDS)).isBetween(0L, 10L);

        stub(own).withDeadlineAfter(1, TimeUnit.MINUTES).getContract(get());
        assertThat(seen.deadline().timeRemaining(TimeUnit.SECONDS)).isBetween(11L, 60L);
    }

    private void within(Map<String, String> headers, Channel to) {
        TestCalls.run(new Principal.Anonymous(), headers, () -> stub(to).getContract(get()));
    }

    private static ContractServiceBlockingStub stub(Channel channel) {
        return ContractServiceGrpc.newBlockingStub(channel);
    }

    private static GetContractRequest get() {
        return GetContractRequest.newBuilder().setId(7).build();
    }
}
