package bank.identity;

import static bank.identity.OAuthForm.header;
import static bank.identity.OAuthForm.post;
import static bank.identity.OAuthForm.request;
import static bank.identity.OAuthForm.send;
import static bank.identity.RunningIdentity.PASSWORD;
import static bank.identity.TestBrowser.CALLBACK;
import static bank.identity.TestBrowser.VERIFIER;
import static bank.identity.TestBrowser.encoded;
import static bank.identity.TestBrowser.query;
import static bank.testing.StatusAssert.assertThatCall;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import bank.identity.OAuthForm.Answer;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.GetMeRequest;
import bank.v1.RefreshRequest;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.Status.Code;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Each token counts where it belongs and nowhere else, a forged one nowhere.
final class TokenKindsIT {
    private static final String MACHINE_SECRET = "demo-secret-2026";
    private static final String EXCHANGER_SECRET = "a-secret-of-the-settings";

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static RunningIdentity identity;
    private static String email;

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(
                postgres.database(),
                new TestClock(Instant.parse("2026-03-01T12:00:00Z")),
                Map.of(
                        "bank.identity.demo", "true",
                        "bank.identity.clients.gateway.secret", EXCHANGER_SECRET,
                        "bank.identity.clients.gateway.scopes", "tokens:introspect,tokens:exchange"));
        email = identity.registered().getEmail();
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    private static String code() {
        var browser = new TestBrowser(identity);
        return TestBrowser.code(browser.signIn(browser.open(query("bank-web", "openid")), email, PASSWORD));
    }

    private static Answer exchanged(String code) {
        return post(
                identity.oauth(),
                "grant_type=authorization_code&client_id=bank-web&code=" + code + "&redirect_uri=" + encoded(CALLBACK)
                        + "&code_verifier=" + VERIFIER);
    }

    private static Answer refreshed(String token) {
        return post(identity.oauth(), "grant_type=refresh_token&client_id=bank-web&refresh_token=" + token);
    }

    private static String active(String token) {
        return OAuthForm.introspect(identity.oauth(), "gateway", EXCHANGER_SECRET, token)
                .get("active");
    }

    private static Answer userInfo(String token) {
        return send(
                identity.oauth(),
                request("GET", "/oauth2/userinfo", "").addHeaders(header("authorization", "Bearer " + token)));
    }

    @Test
    void noTokenStandsForAnother() {
        var code = code();
        var tokens = exchanged(code());
        var machine = post(identity.oauth(), "abs-integration", MACHINE_SECRET, "grant_type=client_credentials")
                .get("access_token");
        var access = tokens.get("access_token");
        var refresh = tokens.get("refresh_token");
        var id = tokens.get("id_token");

        for (var token : List.of(refresh, id, code)) {
            isNoAccessToken(token);
        }
        for (var token : List.of(access, id, code, machine)) {
            assertThat(refreshed(token).error()).as(token).isEqualTo("invalid_grant");
            var request = RefreshRequest.newBuilder().setRefreshToken(token).build();
            assertThat(Reasons.of(catchThrowable(() -> identity.auth().refresh(request))))
                    // A JWT is longer than any refresh token.
                    .isEqualTo(token.equals(code) ? "INVALID_REFRESH_TOKEN" : "INVALID_FIELD");
        }
        for (var token : List.of(access, refresh, id, machine)) {
            assertThat(exchanged(token).error()).as(token).isEqualTo("invalid_grant");
        }
        for (var token : List.of(id, code)) {
            assertThat(active(token)).isEqualTo("false");
            OAuthForm.revoke(identity.oauth(), "client_id=bank-web&token=" + token);
        }
        for (var token : List.of(access, refresh, id, code, machine)) {
            isNoProofOfAClient(token);
            for (var type : List.of("access_token", "id_token", "jwt", "refresh_token")) {
                var answer = post(
                        identity.oauth(),
                        "gateway",
                        EXCHANGER_SECRET,
                        "grant_type=" + encoded("urn:ietf:params:oauth:grant-type:token-exchange") + "&subject_token="
                                + token + "&subject_token_type="
                                + encoded("urn:ietf:params:oauth:token-type:" + type));
                assertThat(answer.error()).as(type + " " + token).isEqualTo("invalid_request");
            }
        }

        // None of that has harmed what each is good for.
        assertThat(active(access)).isEqualTo("true");
        assertThat(refreshed(refresh).status()).isEqualTo(200);
        assertThat(exchanged(code).status()).isEqualTo(200);
    }

    @Test
    void aForgedAccessTokenCountsNowhere() throws Exception {
        var tokens = identity.login(email, PASSWORD);
        var real = SignedJWT.parse(tokens.getAccessToken());
        // Connections are taken by the system whether anybody asks for them or not.
        try (var keys = ServerSocketChannel.open()) {
            keys.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            keys.configureBlocking(false);
            var port = keys.socket().getLocalPort();
            for (var forged : forged(real, URI.create("http://127.0.0.1:" + port + "/keys"))
                    .entrySet()) {
                var token = forged.getValue();
                isNoAccessToken(token);
                assertThat(active(token)).as(forged.getKey()).isEqualTo("false");
                OAuthForm.revoke(identity.oauth(), "client_id=bank-cli&token=" + token);
            }
            assertThat(keys.accept()).as("a call for keys a token names").isNull();
        }
        assertThat(active(tokens.getAccessToken())).isEqualTo("true");
    }

    private static Map<String, String> forged(SignedJWT real, URI keys) throws Exception {
        var claims = real.getJWTClaimsSet();
        var kid = real.getHeader().getKeyID();
        var bank = JWKSet.parse(send(identity.oauth(), request("GET", "/.well-known/jwks.json", ""))
                        .body())
                .getKeyByKeyId(kid)
                .toRSAKey();
        var own = new RSAKeyGenerator(2048).generate();
        var all = new LinkedHashMap<String, String>();
        all.put("alg none", new PlainJWT(claims).serialize());
        var parts = real.serialize().split("\\.");
        all.put(
                "alg none with a signature",
                new PlainJWT(claims).serialize().split("\\.")[0] + "." + parts[1] + "." + parts[2]);
        all.put("no signature", parts[0] + "." + parts[1] + ".");
        for (var secret : List.of(
                bank.toRSAPublicKey().getEncoded(),
                bank.toJSONString().getBytes(UTF_8),
                bank.getModulus().decode())) {
            all.put(
                    "HS256 by " + secret.length + " bytes of the public key",
                    signed(by(JWSAlgorithm.HS256, kid), claims, new MACSigner(secret)));
        }
        for (var algorithm : List.of(
                JWSAlgorithm.PS256, JWSAlgorithm.PS384, JWSAlgorithm.PS512, JWSAlgorithm.RS256, JWSAlgorithm.RS512)) {
            all.put(algorithm + " by another key", signed(by(algorithm, kid), claims, new RSASSASigner(own)));
            // The very signature, under another algorithm.
            all.put(
                    algorithm + " told of it",
                    by(algorithm, kid).build().toBase64URL() + "." + parts[1] + "." + parts[2]);
        }
        all.remove(JWSAlgorithm.PS256 + " told of it");
        for (var odd : List.of(
                "../../../../../dev/null",
                "/proc/self/environ",
                "' OR '1'='1",
                "x' UNION SELECT '{\"kty\":\"oct\",\"k\":\"AA\"}' --",
                "\u0000",
                "",
                kid + " ",
                keys.toString(),
                "k".repeat(3_000))) {
            all.put("kid " + odd, signed(by(JWSAlgorithm.PS256, odd), claims, new RSASSASigner(own)));
            all.put("HS256, kid " + odd, signed(by(JWSAlgorithm.HS256, odd), claims, new MACSigner(new byte[32])));
        }
        all.putAll(ownKeys(kid, own, claims, keys));
        return all;
    }

    /// Tokens that bring their key along, or tell where it is.
    private static Map<String, String> ownKeys(String kid, RSAKey own, JWTClaimsSet claims, URI keys) throws Exception {
        var all = new LinkedHashMap<String, String>();
        for (var name : new String[] {kid, null}) {
            var signer = new RSASSASigner(own);
            var base = by(JWSAlgorithm.PS256, name);
            all.put("jwk " + name, signed(base.jwk(own.toPublicJWK()), claims, signer));
            all.put("jku " + name, signed(by(JWSAlgorithm.PS256, name).jwkURL(keys), claims, signer));
            all.put("x5u " + name, signed(by(JWSAlgorithm.PS256, name).x509CertURL(keys), claims, signer));
            var certificate = List.of(Base64.encode(own.toRSAPublicKey().getEncoded()));
            all.put("x5c " + name, signed(by(JWSAlgorithm.PS256, name).x509CertChain(certificate), claims, signer));
        }
        return all;
    }

    private static JWSHeader.Builder by(JWSAlgorithm algorithm, String kid) {
        return new JWSHeader.Builder(algorithm).keyID(kid).type(new JOSEObjectType("at+jwt"));
    }

    private static String signed(JWSHeader.Builder header, JWTClaimsSet claims, JWSSigner signer) throws Exception {
        var token = new SignedJWT(header.build(), claims);
        token.sign(signer);
        return token.serialize();
    }

    private static void isNoAccessToken(String token) {
        assertThatCall(() -> identity.users(token).getMe(GetMeRequest.getDefaultInstance()))
                .as(token)
                .fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
        assertThat(userInfo(token).status()).as(token).isEqualTo(401);
        assertThat(userInfo(token).error()).as(token).isEqualTo("invalid_token");
    }

    private static void isNoProofOfAClient(String token) {
        var answer = post(
                identity.oauth(),
                "grant_type=client_credentials&client_id=abs-integration&client_assertion=" + token
                        + "&client_assertion_type="
                        + encoded("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
        assertThat(answer.error()).as(token).isIn("invalid_client", "invalid_request");
        assertThat(answer.json()).doesNotContainKey("access_token");
    }
}
