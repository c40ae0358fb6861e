package bank.document;

import bank.v1.LookupUsersRequest;
import bank.v1.LookupUsersResponse;
import bank.v1.OAuthServiceGrpc;
import bank.v1.RawHttpRequest;
import bank.v1.Role;
import bank.v1.UserReference;
import bank.v1.UserServiceGrpc;
import bank.v1.UserStatus;
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
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/// identity-service as document-service needs it: keys, service tokens and a few users, over gRPC.
final class TestIdentity implements AutoCloseable {
    static final String ISSUER = "http://identity.test";
    static final long CLIENT = 101;
    static final long OTHER_CLIENT = 102;
    static final long EMPLOYEE = 201;
    static final long OTHER_EMPLOYEE = 202;
    static final long ADMIN = 301;

    private final TreeMap<Long, Role> users = new TreeMap<>();
    private final RSAKey key;
    private final Clock clock;
    private final Server server;

    TestIdentity(Clock clock) throws IOException, JOSEException {
        this.clock = clock;
        this.key = new RSAKeyGenerator(2048).keyID("test").generate();
        users.put(CLIENT, Role.ROLE_CLIENT);
        users.put(OTHER_CLIENT, Role.ROLE_CLIENT);
        users.put(EMPLOYEE, Role.ROLE_EMPLOYEE);
        users.put(OTHER_EMPLOYEE, Role.ROLE_EMPLOYEE);
        users.put(ADMIN, Role.ROLE_ADMIN);
        this.server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(new OAuth())
                .addService(new Users())
                .build()
                .start();
    }

    String address() {
        return "127.0.0.1:" + server.getPort();
    }

    /// Access token of a user.
    String tokenOf(long userId) {
        var role = users.get(userId).name().substring("ROLE_".length()).toLowerCase(Locale.ROOT);
        return sign(claims(Long.toString(userId)).claim("roles", List.of(role)).claim("sid", "s" + userId));
    }

    /// Access token of a user in a client that is not the bank's own.
    String tokenOf(long userId, String scopes) {
        var role = users.get(userId).name().substring("ROLE_".length()).toLowerCase(Locale.ROOT);
        return sign(claims(Long.toString(userId))
                .claim("roles", List.of(role))
                .claim("sid", "s" + userId)
                .claim("scope", scopes));
    }

    /// Access token of a machine client.
    String tokenOf(String client, String scopes) {
        return sign(claims(client).claim("scope", scopes));
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private JWTClaimsSet.Builder claims(String subject) {
        var now = clock.instant();
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience("bank")
                .subject(subject)
                .claim("client_id", subject)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(36_000)));
    }

    private String sign(JWTClaimsSet.Builder claims) {
        try {
            var jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.PS256)
                            .type(new JOSEObjectType("at+jwt"))
                            .keyID(key.getKeyID())
                            .build(),
                    claims.build());
            jwt.sign(new RSASSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class OAuth extends OAuthServiceGrpc.OAuthServiceImplBase {
        @Override
        public void exchange(RawHttpRequest request, StreamObserver<HttpBody> observer) {
            var body = request.getPath().equals("/token")
                    ? "{\"access_token\":\"" + tokenOf("document-service", "users:read") + "\",\"expires_in\":600}"
                    : new JWKSet(key.toPublicJWK()).toString();
            observer.onNext(HttpBody.newBuilder()
                    .setContentType("application/json")
                    .setData(ByteString.copyFromUtf8(body))
                    .build());
            observer.onCompleted();
        }
    }

    private final class Users extends UserServiceGrpc.UserServiceImplBase {
        @Override
        public void lookupUsers(LookupUsersRequest request, StreamObserver<LookupUsersResponse> observer) {
            var answer = LookupUsersResponse.newBuilder();
            request.getIdsList().stream()
                    .sorted()
                    .filter(users::containsKey)
                    .forEach(id -> answer.addUsers(UserReference.newBuilder()
                            .setId(id)
                            .setRole(users.get(id))
                            .setStatus(UserStatus.USER_STATUS_ACTIVE)));
            observer.onNext(answer.build());
            observer.onCompleted();
        }
    }
}
