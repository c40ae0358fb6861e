package bank.bench.edge;

import bank.v1.Contract;
import bank.v1.ContractServiceGrpc;
import bank.v1.ContractStatus;
import bank.v1.CreateContractRequest;
import bank.v1.GetContractRequest;
import bank.v1.OAuthServiceGrpc;
import bank.v1.RawHttpRequest;
import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/// The service behind the edges that are compared: it answers at once and checks nothing. Prints a token it made, and
/// its port.
final class Upstream {
    static final String ISSUER = "http://127.0.0.1:8080";

    private Upstream() {}

    static void main(String[] arguments) throws IOException, JOSEException, InterruptedException {
        var key = new RSAKeyGenerator(2048)
                .keyID("bench")
                .algorithm(JWSAlgorithm.PS256)
                .generate();
        var server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .addService(new Contracts())
                .addService(new Keys(new JWKSet(key.toPublicJWK()).toString()))
                .build()
                .start();
        System.out.println("token " + token(key));
        System.out.println("ready " + server.getPort());
        server.awaitTermination();
    }

    private static String token(RSAKey key) throws JOSEException {
        var now = Instant.now();
        var claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience("bank")
                .subject("17")
                .claim("client_id", "bank-cli")
                .claim("roles", List.of("client"))
                .claim("sid", "bench")
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(Duration.ofHours(2))))
                .build();
        var header = new JWSHeader.Builder(JWSAlgorithm.PS256)
                .keyID(key.getKeyID())
                .type(new JOSEObjectType("at+jwt"))
                .build();
        var token = new SignedJWT(header, claims);
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    private static final class Contracts extends ContractServiceGrpc.ContractServiceImplBase {
        @Override
        public void getContract(GetContractRequest request, StreamObserver<Contract> answer) {
            answer.onNext(contract(request.getId(), 17, "Договор ипотеки"));
            answer.onCompleted();
        }

        @Override
        public void createContract(CreateContractRequest request, StreamObserver<Contract> answer) {
            answer.onNext(contract(102, request.getUserId(), request.getDescription()));
            answer.onCompleted();
        }

        private static Contract contract(long id, long userId, String description) {
            return Contract.newBuilder()
                    .setContractId(id)
                    .setUserId(userId)
                    .setDescription(description)
                    .setStatus(ContractStatus.CONTRACT_STATUS_DRAFT)
                    .setCreatedAt(
                            Timestamp.newBuilder().setSeconds(1_780_000_000L).setNanos(123_456_000))
                    .setEtag("1")
                    .build();
        }
    }

    private static final class Keys extends OAuthServiceGrpc.OAuthServiceImplBase {
        private final String keys;

        Keys(String keys) {
            this.keys = keys;
        }

        @Override
        public void exchange(RawHttpRequest request, StreamObserver<HttpBody> answer) {
            answer.onNext(HttpBody.newBuilder()
                    .setContentType("application/json")
                    .setData(ByteString.copyFromUtf8(keys))
                    .build());
            answer.onCompleted();
        }
    }
}
