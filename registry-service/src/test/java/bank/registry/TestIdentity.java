package bank.registry;

import bank.platform.auth.TokenVerifier;
import bank.platform.config.ServiceConfig.TokenConfig;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureTranslator;
import bank.platform.grpc.Answer;
import bank.platform.grpc.CallTimes;
import bank.platform.grpc.GrpcServer;
import bank.platform.telemetry.Tracing;
import bank.v1.GetVerificationSubjectRequest;
import bank.v1.OAuthServiceGrpc;
import bank.v1.RawHttpRequest;
import bank.v1.Role;
import bank.v1.VerificationServiceGrpc;
import bank.v1.VerificationSubject;
import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.BindableService;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// identity-service as far as registry-service needs it: keys, tokens, who wants to be verified.
final class TestIdentity implements AutoCloseable {
    static final String ISSUER = "http://127.0.0.1:8080";
    private static final RSAKey KEY = newKey();

    /// By the request.
    final Map<String, VerificationSubject> subjects = new ConcurrentHashMap<>();

    /// Calls that fail from now on, one after another, in place of an answer.
    final Queue<Status> failures = new ConcurrentLinkedQueue<>();
    private final Clock clock;
    private final GrpcServer server;

    TestIdentity(Clock clock) {
        this.clock = clock;
        this.server = serve(this, List.of(new OAuth(), new Verifications()));
    }

    static GrpcServer serve(TestIdentity identity, List<? extends BindableService> services) {
        var tokens =
                new TokenVerifier(new Tokens(), new ImmutableJWKSet<>(new JWKSet(KEY.toPublicJWK())), identity.clock);
        return GrpcServer.start(
                "127.0.0.1", 0, CallTimes.DEFAULT, tokens, FailureTranslator.none(), Tracing.off(), services);
    }

    String address() {
        return "127.0.0.1:" + server.port();
    }

    String user(long id, Role role) {
        var name = role.name().substring("ROLE_".length()).toLowerCase(Locale.ROOT);
        return token(claims(Long.toString(id)).claim("roles", List.of(name)));
    }

    String machine(String name, String... scopes) {
        return token(claims(name).claim("scope", String.join(" ", scopes)));
    }

    private JWTClaimsSet.Builder claims(String subject) {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience("bank")
                .subject(subject)
                .claim("client_id", "test")
                .issueTime(Date.from(clock.instant()))
                .expirationTime(Date.from(clock.instant().plusSeconds(600)));
    }

    private static String token(JWTClaimsSet.Builder claims) {
        try {
            var header = new JWSHeader.Builder(JWSAlgorithm.PS256)
                    .type(new JOSEObjectType("at+jwt"))
                    .keyID(KEY.getKeyID())
                    .build();
            var token = new SignedJWT(header, claims.build());
            token.sign(new RSASSASigner(KEY));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(2048).keyID("test").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }

    private record Tokens() implements TokenConfig {
        @Override
        public String issuer() {
            return ISSUER;
        }

        @Override
        public String audience() {
            return "bank";
        }
    }

    private final class OAuth extends OAuthServiceGrpc.OAuthServiceImplBase {
        @Override
        public void exchange(RawHttpRequest request, StreamObserver<HttpBody> observer) {
            var json = request.getPath().equals("/token")
                    ? "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":600}"
                            .formatted(machine("registry-service", "verifications:process"))
                    : new JWKSet(KEY.toPublicJWK()).toString();
            Answer.one(
                    observer,
                    HttpBody.newBuilder()
                            .setContentType("application/json")
                            .setData(ByteString.copyFromUtf8(json))
                            .build());
        }
    }

    private final class Verifications extends VerificationServiceGrpc.VerificationServiceImplBase {
        @Override
        public void getVerificationSubject(
                GetVerificationSubjectRequest request, StreamObserver<VerificationSubject> observer) {
            var failure = failures.poll();
            if (failure != null) {
                throw Failure.of(failure.getCode(), "TEST", "expected").exception();
            }
            var subject = subjects.get(request.getRequestId());
            if (subject == null) {
                throw Failure.precondition("VERIFICATION_SUPERSEDED", "STATUS", "verification", "superseded")
                        .exception();
            }
            Answer.one(observer, subject);
        }
    }
}
