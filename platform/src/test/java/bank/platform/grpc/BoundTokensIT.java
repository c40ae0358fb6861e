package bank.platform.grpc;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.TestTokens;
import bank.platform.failure.FailureTranslator;
import bank.platform.telemetry.Tracing;
import bank.testing.ProofKey;
import bank.testing.TestClock;
import bank.v1.Contract;
import bank.v1.ContractServiceGrpc;
import bank.v1.GetContractRequest;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Access tokens that are bound to a key, straight at a service and passed on by another.
class BoundTokensIT {
    private static final String PATH = "/bank.v1.ContractService/GetContract";

    private final TestClock clock = new TestClock();
    private final TestTokens tokens = new TestTokens(clock);
    private final ProofKey key = new ProofKey();
    private final String token = bound(key);
    private GrpcServer inner;
    private GrpcServer outer;
    private ManagedChannel toInner;
    private ManagedChannel toOuter;

    private static final class Told extends ContractServiceGrpc.ContractServiceImplBase {
        @Override
        public void getContract(GetContractRequest request, StreamObserver<Contract> observer) {
            Answer.one(
                    observer,
                    Contract.newBuilder()
                            .setDescription(Call.current().principal().name())
                            .build());
        }
    }

    private static final class PassedOn extends ContractServiceGrpc.ContractServiceImplBase {
        private final Channel next;

        PassedOn(Channel next) {
            this.next = next;
        }

        @Override
        public void getContract(GetContractRequest request, StreamObserver<Contract> observer) {
            Answer.one(observer, ContractServiceGrpc.newBlockingStub(next).getContract(request));
        }
    }

    @BeforeEach
    void start() {
        inner = serve(new Told());
        toInner = Channels.open("127.0.0.1:" + inner.port());
        outer = serve(new PassedOn(Channels.asCaller(toInner, () -> machine("calls:forward"))));
        toOuter = Channels.open("127.0.0.1:" + outer.port());
    }

    private GrpcServer serve(ContractServiceGrpc.ContractServiceImplBase service) {
        return GrpcServer.start(
                "127.0.0.1",
                0,
                Set.of("Contracts.bank.test"),
                CallTimes.DEFAULT,
                tokens.verifier(),
                FailureTranslator.none(),
                Tracing.off(),
                List.of(service));
    }

    @AfterEach
    void stop() {
        toOuter.shutdownNow();
        toInner.shutdownNow();
        outer.close();
        inner.close();
    }

    private String bound(ProofKey to) {
        return TestTokens.sign(tokens.user(17, "client").claim("cnf", Map.of("jkt", to.thumbprint())));
    }

    private String machine(String scope) {
        return TestTokens.sign(tokens.machine("contract-service", scope));
    }

    private String address() {
        return "http://127.0.0.1:" + inner.port() + PATH;
    }

    private String proof() {
        return key.proof("POST", address(), token, clock.instant());
    }

    private static String call(Channel channel, String... headers) {
        var metadata = new Metadata();
        for (var i = 0; i < headers.length; i += 2) {
            metadata.put(Headers.key(headers[i]), headers[i + 1]);
        }
        return ContractServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .getContract(GetContractRequest.newBuilder().setId(7).build())
                .getDescription();
    }

    private void assertRefused(String reason, String... headers) {
        assertThatCall(() -> call(toInner, headers)).fails(Code.UNAUTHENTICATED, reason);
    }

    @Test
    void countWithAProofForThisCall() {
        assertThat(call(toInner, "authorization", "DPoP " + token, "dpop", proof()))
                .isEqualTo("user:17");
        assertThat(call(toInner, "authorization", "dpop " + token, "dpop", proof()))
                .isEqualTo("user:17");
    }

    @Test
    void areRefusedAsBearerTokens() {
        assertRefused("TOKEN_INVALID", "authorization", "Bearer " + token);
        assertRefused("TOKEN_INVALID", "authorization", "Bearer " + token, "dpop", proof());
        call(toInner, "authorization", "DPoP " + token, "dpop", proof());
        assertRefused("TOKEN_INVALID", "authorization", "Bearer " + token);
    }

    @Test
    void areRefusedWithoutOneGoodProof() {
        var scheme = "DPoP " + token;
        assertRefused("PROOF_INVALID", "authorization", scheme);
        assertRefused("PROOF_INVALID", "authorization", scheme, "dpop", proof(), "dpop", proof());
        assertRefused("PROOF_INVALID", "authorization", scheme, "dpop", "");
        for (var proof : List.of(
                new ProofKey().proof("POST", address(), token, clock.instant()),
                key.proof("GET", address(), token, clock.instant()),
                key.proof("POST", address().replace("Get", "List"), token, clock.instant()),
                key.proof("POST", address(), bound(new ProofKey()), clock.instant()),
                key.proof("POST", address(), token, clock.instant().minusSeconds(66)),
                key.proof("POST", address(), token, clock.instant().plusSeconds(6)))) {
            assertRefused("PROOF_INVALID", "authorization", scheme, "dpop", proof);
        }
        var used = proof();
        call(toInner, "authorization", scheme, "dpop", used);
        assertRefused("PROOF_INVALID", "authorization", scheme, "dpop", used);
    }

    @Test
    void areRefusedWhenBoundInAWayNotKnownHere() {
        for (var cnf : List.of(
                Map.of("x5t#S256", "hash"),
                Map.of("jkt", key.thumbprint(), "x5t#S256", "hash"),
                Map.of("jkt", 7),
                Map.of("jkt", ""),
                Map.of(),
                "jkt")) {
            var strange = TestTokens.sign(tokens.user(17, "client").claim("cnf", cnf));
            assertRefused("TOKEN_INVALID", "authorization", "Bearer " + strange);
            assertRefused("TOKEN_INVALID", "authorization", "DPoP " + strange, "dpop", proof());
        }
    }

    @Test
    void othersAreRefusedAsBoundOnes() {
        var bearer = TestTokens.sign(tokens.user(17, "client"));

        assertThat(call(toInner, "authorization", "Bearer " + bearer)).isEqualTo("user:17");
        assertRefused(
                "TOKEN_INVALID",
                "authorization",
                "DPoP " + bearer,
                "dpop",
                key.proof("POST", address(), bearer, clock.instant()));
    }

    @Test
    void needAProofForANameThisServiceIsKnownBy() {
        for (var known : List.of("localhost:" + inner.port(), "contracts.bank.test")) {
            assertThat(callAs(known)).isEqualTo("user:17");
        }
        assertThatCall(() -> callAs("evil.test")).fails(Code.UNAUTHENTICATED, "PROOF_INVALID");
        assertThatCall(() -> callAs("127.0.0.1:1")).fails(Code.UNAUTHENTICATED, "PROOF_INVALID");
    }

    private String callAs(String authority) {
        var channel = NettyChannelBuilder.forAddress("127.0.0.1", inner.port())
                .overrideAuthority(authority)
                .usePlaintext()
                .build();
        try {
            var proof = key.proof("POST", "http://" + authority + PATH, token, clock.instant());
            return call(channel, "authorization", "DPoP " + token, "dpop", proof);
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void arePassedOnByServicesThatTellWhoTheyAre() {
        var proof = key.proof("POST", "http://127.0.0.1:" + outer.port() + PATH, token, clock.instant());

        assertThat(call(toOuter, "authorization", "DPoP " + token, "dpop", proof))
                .isEqualTo("user:17");
        var bearer = TestTokens.sign(tokens.user(18, "client"));
        assertThat(call(toOuter, "authorization", "Bearer " + bearer)).isEqualTo("user:18");
    }

    @Test
    void arePassedOnByNobodyElse() {
        var scheme = "DPoP " + token;
        var own = Headers.CALLER_SERVICE;
        assertThat(call(toInner, "authorization", scheme, own, "Bearer " + machine("calls:forward users:read")))
                .isEqualTo("user:17");

        assertRefused("CALLER_SERVICE_INVALID", "authorization", scheme, own, "Bearer " + machine("users:read"));
        assertRefused(
                "CALLER_SERVICE_INVALID",
                "authorization",
                scheme,
                own,
                "Bearer " + TestTokens.sign(tokens.user(1, "admin").claim("scope", "calls:forward")));
        assertRefused("CALLER_SERVICE_INVALID", "authorization", scheme, own, machine("calls:forward"));
        assertRefused("CALLER_SERVICE_INVALID", "authorization", scheme, own, "");
        assertRefused(
                "CALLER_SERVICE_INVALID",
                "authorization",
                scheme,
                own,
                "Bearer " + machine("calls:forward"),
                own,
                "Bearer " + machine("calls:forward"));
        assertRefused("TOKEN_INVALID", "authorization", scheme, own, "Bearer " + token);
        assertRefused("TOKEN_INVALID", "authorization", scheme, own, "Bearer x", "dpop", proof());
        var late = machine("calls:forward");
        clock.advance(Duration.ofMinutes(11));
        assertRefused("TOKEN_EXPIRED", "authorization", "DPoP " + bound(key), own, "Bearer " + late);
        assertRefused("TOKEN_EXPIRED", "authorization", scheme, own, "Bearer " + machine("calls:forward"));
    }

    @Test
    void bearerTokensStayWhatTheyAreWhoeverPassesThemOn() {
        assertRefused(
                "TOKEN_INVALID",
                "authorization",
                "Bearer " + token,
                Headers.CALLER_SERVICE,
                "Bearer " + machine("calls:forward"));
    }
}
