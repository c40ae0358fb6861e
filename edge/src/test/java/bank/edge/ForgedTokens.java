package bank.edge;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Tokens an attacker might make: of what is public, of a key of his own, or of a good token.
final class ForgedTokens {
    private final RSAKey key;
    private final RSAKey own;

    /// @param key that good tokens are signed with
    ForgedTokens(RSAKey key) {
        this.key = key;
        try {
            this.own = new RSAKeyGenerator(2048).keyID(key.getKeyID()).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(TestTokens.ISSUER)
                .audience("bank")
                .subject("17")
                .claim("client_id", "bank-cli")
                .claim("roles", List.of("client"))
                .claim("sid", "session-1")
                .issueTime(Date.from(Instant.now()))
                .expirationTime(in(600));
    }

    static Date in(long seconds) {
        return Date.from(Instant.now().plusSeconds(seconds));
    }

    /// Every forged token by what is wrong with it.
    Map<String, String> all() throws JOSEException {
        var all = new LinkedHashMap<String, String>();
        var good = good(header -> header);
        var payload = new Payload(claims().build().toJSONObject());
        all.put("alg none", plain("{\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"key-1\"}", payload, ""));
        all.put("alg None", plain("{\"alg\":\"None\",\"typ\":\"at+jwt\",\"kid\":\"key-1\"}", payload, "AAAA"));
        all.put("no alg", plain("{\"typ\":\"at+jwt\",\"kid\":\"key-1\"}", payload, "AAAA"));
        all.put("HS256 by the public key", mac(key.toRSAPublicKey().getEncoded()));
        all.put("HS256 by the PEM of the public key", mac(pem().getBytes(StandardCharsets.US_ASCII)));
        all.put("RS256", signed(JWSAlgorithm.RS256, key, header -> header));
        all.put("RS512", signed(JWSAlgorithm.RS512, key, header -> header));
        all.put("PS384", signed(JWSAlgorithm.PS384, key, header -> header));
        all.put("PS512", signed(JWSAlgorithm.PS512, key, header -> header));
        all.put("unknown kid", good(header -> header.keyID("another")));
        all.put("kid of a path", good(header -> header.keyID("../../etc/passwd")));
        all.put("kid of SQL", good(header -> header.keyID("' OR '1'='1")));
        all.put("kid of an address", good(header -> header.keyID("http://127.0.0.1:1/keys")));
        all.put("kid with a control character", good(header -> header.keyID("key-1\u0000")));
        all.put("empty kid", good(header -> header.keyID("")));
        all.put("no kid", good(header -> header.keyID(null)));
        all.put("wrong typ", good(header -> header.type(JOSEObjectType.JWT)));
        all.put("no typ", good(header -> header.type(null)));
        all.put("crit", good(header -> header.criticalParams(Set.of("exp")).customParam("exp", 1)));
        all.put("key in jwk", byOwn(header -> header.jwk(own.toPublicJWK())));
        all.put(
                "key in jwk alone",
                byOwn(header -> header.jwk(own.toPublicJWK()).keyID(null)));
        all.put("key at jku", byOwn(header -> header.jwkURL(URI.create("http://127.0.0.1:1/keys"))));
        all.put("key at x5u", byOwn(header -> header.x509CertURL(URI.create("http://127.0.0.1:1/cert"))));
        all.put("key in x5c", byOwn(header -> header.x509CertChain(List.of(Base64.encode(ownKey())))));
        all.put("key of the attacker", byOwn(header -> header));
        all.put("not yet valid", claimed(claims().notBeforeTime(in(60))));
        all.put("issued in the future", claimed(claims().issueTime(in(60))));
        all.put("never issued", claimed(claims().issueTime(null)));
        all.put("no end", claimed(claims().expirationTime(null)));
        all.put("another audience", claimed(claims().audience("shop")));
        all.put("no audience", claimed(claims().audience((String) null)));
        all.put("another issuer", claimed(claims().issuer("http://127.0.0.1:8080/")));
        all.put("no issuer", claimed(claims().issuer(null)));
        all.put("two roles", claimed(claims().claim("roles", List.of("client", "admin"))));
        all.put("zero signature", cut(good) + "." + Base64URL.encode(new byte[256]));
        all.put("short signature", cut(good) + ".AA");
        all.put("signature left out", cut(good) + ".");
        all.put("two parts", cut(good));
        all.put("padded", good + "==");
        all.put("trailing character", good + "A");
        all.put("trailing part", good + ".e30");
        all.put("foreign character", good.substring(0, 40) + "$" + good.substring(40));
        all.put("space within", good.substring(0, 40) + " " + good.substring(40));
        all.put("two tokens", good + "," + good);
        all.put("scheme twice", "Bearer " + good);
        all.put("encrypted", encrypted());
        all.put("a token within a token", nested(good));
        all.put(
                "deeply nested claims",
                plain(
                        "{\"alg\":\"PS256\",\"typ\":\"at+jwt\",\"kid\":\"key-1\"}",
                        new Payload("[".repeat(5_000)),
                        "AAAA"));
        all.put("too long", claimed(claims().claim("x", "x".repeat(7_000))));
        return all;
    }

    private static String plain(String header, Payload payload, String signature) {
        return Base64URL.encode(header) + "." + payload.toBase64URL() + "." + signature;
    }

    private static String cut(String token) {
        return token.substring(0, token.lastIndexOf('.'));
    }

    private String pem() {
        try {
            return "-----BEGIN PUBLIC KEY-----\n"
                    + Base64.encode(key.toRSAPublicKey().getEncoded()) + "\n-----END PUBLIC KEY-----\n";
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] ownKey() {
        try {
            return own.toRSAPublicKey().getEncoded();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private String mac(byte[] secret) throws JOSEException {
        var token = new JWSObject(
                header(JWSAlgorithm.HS256).build(), new Payload(claims().build().toJSONObject()));
        token.sign(new MACSigner(secret));
        return token.serialize();
    }

    private static JWSHeader.Builder header(JWSAlgorithm algorithm) {
        return new JWSHeader.Builder(algorithm).keyID("key-1").type(new JOSEObjectType("at+jwt"));
    }

    /// Signed by the right key, with a header of one's own.
    String good(UnaryOperator<JWSHeader.Builder> change) throws JOSEException {
        return signed(JWSAlgorithm.PS256, key, change);
    }

    private String byOwn(UnaryOperator<JWSHeader.Builder> change) throws JOSEException {
        return signed(JWSAlgorithm.PS256, own, change);
    }

    private static String signed(JWSAlgorithm algorithm, RSAKey key, UnaryOperator<JWSHeader.Builder> change)
            throws JOSEException {
        return signed(
                change.apply(header(algorithm)).build(),
                key,
                new Payload(claims().build().toJSONObject()));
    }

    /// Signed by the right key, with claims of one's own.
    String claimed(JWTClaimsSet.Builder claims) throws JOSEException {
        return signed(
                header(JWSAlgorithm.PS256).build(),
                key,
                new Payload(claims.build().toJSONObject()));
    }

    private static String signed(JWSHeader header, RSAKey key, Payload payload) throws JOSEException {
        var token = new JWSObject(header, payload);
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    private String encrypted() throws JOSEException {
        var token = new JWEObject(
                new JWEHeader.Builder(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM)
                        .keyID("key-1")
                        .contentType("JWT")
                        .build(),
                new Payload(JSONObjectUtils.toJSONString(claims().build().toJSONObject())));
        token.encrypt(new RSAEncrypter(key.toRSAPublicKey()));
        return token.serialize();
    }

    private String nested(String inner) throws JOSEException {
        return signed(header(JWSAlgorithm.PS256).contentType("JWT").build(), key, new Payload(inner));
    }
}
