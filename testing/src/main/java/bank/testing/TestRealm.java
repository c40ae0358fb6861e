package bank.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An issuer of access tokens as a Keycloak realm is one: its keys and its description of itself over HTTP, tokens
/// RS256 of type `JWT` with roles below `realm_access`.
public final class TestRealm implements AutoCloseable {
    /// Audience its tokens name.
    public static final String AUDIENCE = "bank";

    private static final String PATH = "/realms/staff";

    private final RSAKey key = newKey();
    private final HttpServer server;

    public TestRealm() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answer(
                "/.well-known/openid-configuration",
                JSONObjectUtils.toJSONString(Map.of("issuer", url(), "jwks_uri", keys())));
        answer("/protocol/openid-connect/certs", new JWKSet(key.toPublicJWK()).toString());
        server.start();
    }

    private void answer(String path, String body) {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        server.createContext(PATH + path, exchange -> {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(2048).keyID("realm-key").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What its tokens name as `iss`.
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + PATH;
    }

    /// Address of its key set.
    public String keys() {
        return url() + "/protocol/openid-connect/certs";
    }

    /// Claims of a token that holds for five minutes.
    ///
    /// @param session its `sid`; null for none
    public JWTClaimsSet.Builder claims(String subject, @Nullable String session, Instant now, String... roles) {
        return new JWTClaimsSet.Builder()
                .issuer(url())
                .audience(List.of(AUDIENCE, "account"))
                .subject(subject)
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)))
                .claim("typ", "Bearer")
                .claim("azp", "staff-portal")
                .claim("sid", session)
                .claim("realm_access", Map.of("roles", List.of(roles)))
                .claim("scope", "openid profile email")
                .claim("preferred_username", "o.smirnova")
                .claim("given_name", "Ольга")
                .claim("family_name", "Смирнова")
                .claim("email", "employee@demo.test");
    }

    /// Claims as a token.
    public String signed(JWTClaimsSet.Builder claims) {
        return signed(claims, JWSAlgorithm.RS256, "JWT", key);
    }

    /// Claims as a token of another key, type or algorithm.
    public String signed(JWTClaimsSet.Builder claims, JWSAlgorithm algorithm, String type, RSAKey by) {
        var header = new JWSHeader.Builder(algorithm)
                .type(new JOSEObjectType(type))
                .keyID(key.getKeyID())
                .build();
        var token = new SignedJWT(header, claims.build());
        try {
            token.sign(new RSASSASigner(by));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    /// The key it signs with.
    public RSAKey key() {
        return key;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
