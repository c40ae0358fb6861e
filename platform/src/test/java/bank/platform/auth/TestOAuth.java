package bank.platform.auth;

import bank.platform.TestTokens;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureTranslator;
import bank.platform.grpc.Answer;
import bank.platform.grpc.CallTimes;
import bank.platform.grpc.GrpcServer;
import bank.platform.telemetry.Tracing;
import bank.v1.OAuthServiceGrpc;
import bank.v1.RawHttpRequest;
import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import com.nimbusds.jose.jwk.JWKSet;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// The OAuth side of identity-service on a real gRPC server: gives keys and tokens, and can be down.
final class TestOAuth extends OAuthServiceGrpc.OAuthServiceImplBase implements AutoCloseable {
    final AtomicInteger keysRead = new AtomicInteger();
    final AtomicInteger tokensGiven = new AtomicInteger();
    volatile JWKSet keys = new JWKSet(TestTokens.KEY.toPublicJWK());
    volatile boolean down;
    private final TestTokens tokens;
    private final GrpcServer server;

    TestOAuth(Clock clock) {
        this.tokens = new TestTokens(clock);
        this.server = GrpcServer.start(
                "127.0.0.1",
                0,
                CallTimes.DEFAULT,
                tokens.verifier(),
                FailureTranslator.none(),
                Tracing.off(),
                List.of(this));
    }

    String address() {
        return "127.0.0.1:" + server.port();
    }

    @Override
    public void exchange(RawHttpRequest request, StreamObserver<HttpBody> observer) {
        if (down) {
            throw Failure.of(Code.UNAVAILABLE, "DOWN", "down").exception();
        }
        var json = switch (request.getMethod() + " " + request.getPath()) {
            case "GET /.well-known/jwks.json" -> {
                keysRead.incrementAndGet();
                yield keys.toString();
            }
            case "POST /token" -> token(request);
            default -> throw new IllegalStateException(request.getPath());
        };
        Answer.one(
                observer,
                HttpBody.newBuilder().setData(ByteString.copyFromUtf8(json)).build());
    }

    private String token(RawHttpRequest request) {
        // "test-service:secret" in Base64
        var known = request.getHeadersList().stream()
                .anyMatch(header -> header.getName().equals("authorization")
                        && header.getValue().equals("Basic dGVzdC1zZXJ2aWNlOnNlY3JldA=="));
        if (!known || !request.getBody().toStringUtf8().equals("grant_type=client_credentials")) {
            return "{\"error\":\"invalid_client\"}";
        }
        tokensGiven.incrementAndGet();
        return "{\"access_token\":\"%s\",\"expires_in\":600}"
                .formatted(TestTokens.sign(tokens.machine("test-service", "users:read")));
    }

    @Override
    public void close() {
        server.close();
    }
}
