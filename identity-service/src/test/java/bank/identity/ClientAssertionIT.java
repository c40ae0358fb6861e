package bank.identity;

import static bank.identity.OAuthForm.header;
import static bank.identity.OAuthForm.request;
import static bank.identity.OAuthForm.send;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.Eventually;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.ClientGrant;
import bank.v1.ClientType;
import bank.v1.CreateOAuthClientRequest;
import bank.v1.UpdateOAuthClientRequest;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientAssertionIT {
    private static final String CLIENT = "core-banking";
    private static final String OTHER = "other-banking";
    private static final String TYPE =
            "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
    private static final String MACHINE = "grant_type=client_credentials";

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TestClock clock = new TestClock(Instant.parse("2026-03-01T12:00:00Z"));
    private static RunningIdentity identity;
    private static RSAKey rsa;
    private static ECKey ec;
    private static RSAKey others;

    private record Wrong(String name, Callable<String> assertion) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        rsa = new RSAKeyGenerator(2_048).keyID("rsa").generate();
        ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
        others = new RSAKeyGenerator(2_048).keyID("others").generate();
        identity = RunningIdentity.start(postgres.database(), clock, Map.of());
        register(CLIENT, rsa, ec);
        register(OTHER, others);
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PS256", "RS256", "ES256"})
    void givesTokensForAssertionsOfRegisteredKeys(String algorithm) throws Exception {
        var answer = present(signed(by(JWSAlgorithm.parse(algorithm)), claims()));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        var token = SignedJWT.parse(answer.get("access_token")).getJWTClaimsSet();
        assertThat(token.getSubject()).isEqualTo(CLIENT);
        assertThat(token.getStringClaim("scope")).isEqualTo("documents:read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/token", "/oauth2/token"})
    void takesIssuerAndTokenEndpointForItsAudience(String path) throws Exception {
        assertTaken(claims().audience(RunningIdentity.ISSUER + path));
    }

    @Test
    void takesTheTokenEndpointOfAnIssuerWithASlashAtItsEnd() throws Exception {
        var settings = Map.of("bank.identity.tokens.issuer", RunningIdentity.ISSUER + "/");
        try (var slashed = RunningIdentity.start(postgres.database(), clock, settings)) {
            for (var path : List.of("/", "/token", "/oauth2/token")) {
                var assertion = signed(by(JWSAlgorithm.PS256), claims().audience(RunningIdentity.ISSUER + path));
                var answer = OAuthForm.post(slashed.oauth(), MACHINE + form(assertion));
                assertThat(answer.status()).as(path).isEqualTo(200);
            }
        }
    }

    @Test
    void takesAssertionsWithoutKidAndIssueTime() throws Exception {
        assertThat(present(signed(new JWSHeader.Builder(JWSAlgorithm.PS256).build(), claims().issueTime(null)))
                        .status())
                .isEqualTo(200);
        assertThat(present(signed(
                                new JWSHeader.Builder(JWSAlgorithm.PS256)
                                        .type(new JOSEObjectType("client-authentication+jwt"))
                                        .build(),
                                claims()))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void takesTimesAtTheirLimits() throws Exception {
        assertTaken(claims().expirationTime(in(305)));
        assertRefused(claims().expirationTime(in(306)));
        assertTaken(claims().expirationTime(in(-4)).issueTime(in(-60)));
        assertRefused(claims().expirationTime(in(-5)).issueTime(in(-60)));
        assertTaken(claims().issueTime(in(5)));
        assertRefused(claims().issueTime(in(6)));
        assertTaken(claims().issueTime(in(-600)));
        assertRefused(claims().issueTime(in(-601)));
        assertRefused(claims().notBeforeTime(in(60)));
        assertTaken(claims().jwtID("i".repeat(255)));
        assertRefused(claims().jwtID("i".repeat(256)));
    }

    static Stream<Wrong> wrong() throws Exception {
        var ps256 = by(JWSAlgorithm.PS256);
        var publicKey = rsa.toPublicJWK().toRSAPublicKey();
        return Stream.of(
                new Wrong("no algorithm", () -> new PlainJWT(claims().build()).serialize()),
                new Wrong(
                        "HMAC by the public key",
                        () -> signed(
                                new JWSHeader.Builder(JWSAlgorithm.HS256)
                                        .keyID("rsa")
                                        .build(),
                                claims(),
                                new MACSigner(publicKey.getEncoded()))),
                new Wrong(
                        "HMAC by the key's text",
                        () -> signed(
                                new JWSHeader.Builder(JWSAlgorithm.HS256)
                                        .keyID("rsa")
                                        .build(),
                                claims(),
                                new MACSigner(rsa.toPublicJWK().toJSONString()))),
                new Wrong("another RSA algorithm", () -> signed(by(JWSAlgorithm.RS512), claims())),
                new Wrong("another client's key", () -> signed(ps256, claims(), new RSASSASigner(others))),
                new Wrong(
                        "another client's key by its kid",
                        () -> signed(
                                new JWSHeader.Builder(JWSAlgorithm.PS256)
                                        .keyID("others")
                                        .build(),
                                claims(),
                                new RSASSASigner(others))),
                new Wrong(
                        "a kid that is SQL",
                        () -> signed(
                                new JWSHeader.Builder(JWSAlgorithm.PS256)
                                        .keyID("' OR '1'='1")
                                        .build(),
                                claims(),
                                new RSASSASigner(others))),
                new Wrong(
                        "a kid that is a path",
                        () -> signed(
                                new JWSHeader.Builder(JWSAlgorithm.PS256)
                                        .keyID("../../dev/null")
                                        .build(),
                                claims(),
                                new RSASSASigner(others))),
                new Wrong(
                        "its own key in the header",
                        () -> signed(
                                new JWSHeader.Builder(JWSAlgorithm.PS256)
                                        .jwk(others.toPublicJWK())
                                        .build(),
                                claims(),
                                new RSASSASigner(others))),
                new Wrong(
                        "the address of its own keys",
                        () -> signed(
                                new JWSHeader.Builder(JWSAlgorithm.PS256)
                                        .jwkURL(URI.create("http://127.0.0.1:1/keys"))
                                        .build(),
                                claims(),
                                new RSASSASigner(others))),
                new Wrong(
                        "the address of its own certificate",
                        () -> signed(
                                new JWSHeader.Builder(JWSAlgorithm.PS256)
                                        .x509CertURL(URI.create("http://127.0.0.1:1/keys"))
                                        .build(),
                                claims(),
                                new RSASSASigner(others))),
                new Wrong(
                        "a critical extension",
                        () -> signed(
                                new JWSHeader.Builder(JWSAlgorithm.PS256)
                                        .criticalParams(Set.of("exotic"))
                                        .customParam("exotic", true)
                                        .build(),
                                claims())),
                new Wrong(
                        "an access token's type",
                        () -> signed(
                                new JWSHeader.Builder(JWSAlgorithm.PS256)
                                        .type(new JOSEObjectType("at+jwt"))
                                        .build(),
                                claims())),
                new Wrong("a changed signature", () -> {
                    var text = signed(ps256, claims());
                    return text.substring(0, text.length() - 8) + "AAAAAAAA";
                }),
                new Wrong("no signature", () -> {
                    var text = signed(ps256, claims());
                    return text.substring(0, text.lastIndexOf('.') + 1);
                }),
                new Wrong("another audience", () -> signed(ps256, claims().audience("https://other.example"))),
                new Wrong("the tokens' audience", () -> signed(ps256, claims().audience("bank"))),
                new Wrong(
                        "a second audience",
                        () -> signed(
                                ps256, claims().audience(List.of(RunningIdentity.ISSUER, "https://other.example")))),
                new Wrong("no audience", () -> signed(ps256, claims().audience((String) null))),
                new Wrong("another issuer", () -> signed(ps256, claims().issuer(OTHER))),
                new Wrong("another subject", () -> signed(ps256, claims().subject(OTHER))),
                new Wrong(
                        "an unknown client",
                        () -> signed(ps256, claims().issuer("nobody").subject("nobody"))),
                new Wrong(
                        "a public client",
                        () -> signed(ps256, claims().issuer("bank-cli").subject("bank-cli"))),
                new Wrong("no end", () -> signed(ps256, claims().expirationTime(null))),
                new Wrong("no id", () -> signed(ps256, claims().jwtID(null))),
                new Wrong("an empty id", () -> signed(ps256, claims().jwtID(" "))),
                new Wrong("no JWT", () -> "a.b.c"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void refusesWrongAssertions(Wrong wrong) throws Exception {
        var answer = present(wrong.assertion().call());
        assertThat(answer.status()).as(answer.body()).isIn(400, 401);
        assertThat(answer.error()).isIn("invalid_client", "invalid_request");
        assertThat(answer.body()).doesNotContain("access_token");
    }

    @Test
    void tellsNothingOfWhyAnAssertionIsRefused() throws Exception {
        var ps256 = by(JWSAlgorithm.PS256);
        var unknown = present(signed(ps256, claims().issuer("nobody").subject("nobody")));
        var foreign = present(signed(ps256, claims(), new RSASSASigner(others)));
        var late = present(signed(ps256, claims().expirationTime(in(-60)).issueTime(in(-90))));
        assertThat(unknown.status()).isEqualTo(401);
        assertThat(List.of(foreign.body(), late.body())).containsOnly(unknown.body());
    }

    @Test
    void countsAnAssertionOnce() throws Exception {
        // The audit log has so many refusals of a minute.
        clock.advance(Duration.ofMinutes(2));
        var assertion = signed(by(JWSAlgorithm.PS256), claims());
        assertThat(present(assertion).status()).isEqualTo(200);
        assertThat(present(assertion).error()).isEqualTo("invalid_client");
        var introspected = send(identity.oauth(), request("POST", "/oauth2/introspect", "token=x" + form(assertion)));
        assertThat(introspected.error()).isEqualTo("invalid_client");
        assertThat(Sql.read(
                        postgres.database(),
                        "SELECT detail FROM audit_event WHERE type = 'CLIENT_REFUSED' AND subject = 'client:" + CLIENT
                                + "' ORDER BY number DESC LIMIT 1"))
                .containsExactly("assertion used before");
    }

    @Test
    void fillsNoAuditLog() throws Exception {
        clock.advance(Duration.ofMinutes(2));
        var before = refusals();
        for (var i = 0; i < 70; i++) {
            assertThat(present(signed(
                                    by(JWSAlgorithm.ES256),
                                    claims().issuer("nobody").subject("nobody")))
                            .error())
                    .isEqualTo("invalid_client");
        }
        assertThat(refusals()).isEqualTo(before);

        var late =
                signed(by(JWSAlgorithm.ES256), claims().expirationTime(in(-60)).issueTime(in(-90)));
        for (var i = 0; i < 70; i++) {
            assertThat(present(late).error()).isEqualTo("invalid_client");
        }
        assertThat(refusals()).isEqualTo(before + 60);
        clock.advance(Duration.ofMinutes(1));
        present(late);
        assertThat(refusals()).isEqualTo(before + 61);
    }

    private static int refusals() throws Exception {
        return Integer.parseInt(
                Sql.read(postgres.database(), "SELECT count(*)::text FROM audit_event WHERE type = 'CLIENT_REFUSED'")
                        .getFirst());
    }

    @Test
    void countsAnIdOncePerClient() throws Exception {
        assertTaken(claims().jwtID("the same"));
        assertRefused(claims().jwtID("the same"));
        var other = signed(
                new JWSHeader.Builder(JWSAlgorithm.PS256).build(),
                claims().jwtID("the same").issuer(OTHER).subject(OTHER),
                new RSASSASigner(others));
        assertThat(present(other).status()).isEqualTo(200);
    }

    @Test
    void countsAnAssertionOnceHoweverOftenItComesAtOnce() throws Exception {
        for (var round = 0; round < 20; round++) {
            var assertion = signed(by(JWSAlgorithm.ES256), claims());
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var answers = threads.invokeAll(Collections.<Callable<Integer>>nCopies(
                        8, () -> present(assertion).status()));
                var taken = 0;
                for (var answer : answers) {
                    taken += answer.get() == 200 ? 1 : 0;
                }
                assertThat(taken).isEqualTo(1);
            }
        }
    }

    @Test
    void keepsIdsUntilTheirAssertionsEndAndNoLonger() throws Exception {
        assertTaken(claims().jwtID("kept").expirationTime(in(60)));
        clock.advance(Duration.ofSeconds(64));
        assertRefused(claims().jwtID("kept"));
        clock.advance(Duration.ofSeconds(1));
        assertTaken(claims().jwtID("kept"));

        clock.advance(Duration.ofMinutes(6));
        Sql.update(
                postgres.database(),
                "UPDATE scheduled_tasks SET execution_time = now() WHERE task_name = 'purge-client-assertions'");
        Eventually.holds(
                "no assertion is kept",
                Duration.ofSeconds(30),
                () -> Sql.read(postgres.database(), "SELECT client_id FROM client_assertion")
                        .isEmpty());
    }

    @Test
    void takesNewKeysAtOnceAndOldOnesNoMore() throws Exception {
        var first = new ECKeyGenerator(Curve.P_256).keyID("first").generate();
        var second = new ECKeyGenerator(Curve.P_256).keyID("second").generate();
        register("rotating", first);
        assertThat(present(byKey("rotating", first)).status()).isEqualTo(200);
        identity.clients(identity.adminToken())
                .updateOAuthClient(UpdateOAuthClientRequest.newBuilder()
                        .setId("rotating")
                        .setJwks(new JWKSet(second.toPublicJWK()).toString())
                        .build());
        assertThat(present(byKey("rotating", first)).error()).isEqualTo("invalid_client");
        assertThat(present(byKey("rotating", second)).status()).isEqualTo(200);
    }

    @Test
    void refusesTwoWaysAtOnce() throws Exception {
        var assertion = form(signed(by(JWSAlgorithm.PS256), claims()));
        var basic = header("authorization", OAuthForm.basic(CLIENT, "secret"));
        for (var path : List.of("/token", "/oauth2/revoke", "/oauth2/introspect")) {
            var form = MACHINE + "&token=x";
            for (var twice : List.of(
                    request("POST", path, form + assertion).addHeaders(basic),
                    request("POST", path, form + assertion + "&client_id=" + CLIENT + "&client_secret=secret"),
                    request("POST", path, form + "&client_id=" + CLIENT + "&client_secret=secret")
                            .addHeaders(basic))) {
                var answer = send(identity.oauth(), twice);
                assertThat(answer.error()).as(path).isEqualTo("invalid_request");
            }
        }
    }

    @Test
    void refusesAnotherClientBesideTheAssertion() throws Exception {
        var assertion = signed(by(JWSAlgorithm.PS256), claims());
        assertThat(present(assertion + "&client_id=" + OTHER).status()).isIn(400, 401);
        assertThat(present(signed(by(JWSAlgorithm.PS256), claims()) + "&client_id=" + CLIENT)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void refusesAnAssertionWithoutItsTypeAndATypeWithoutIt() throws Exception {
        var assertion = signed(by(JWSAlgorithm.PS256), claims());
        for (var form : List.of(
                "&client_assertion=" + assertion,
                TYPE,
                "&client_assertion=" + assertion + "&client_assertion_type=jwt",
                "&client_id=bank-cli&client_assertion=" + assertion)) {
            var answer = OAuthForm.post(identity.oauth(), MACHINE + form);
            assertThat(answer.status()).as(answer.body()).isIn(400, 401);
        }
    }

    @Test
    void takesNoSecretOfAClientWithKeys() {
        assertThat(OAuthForm.post(identity.oauth(), CLIENT, "secret", MACHINE).error())
                .isEqualTo("invalid_client");
        assertThat(OAuthForm.post(identity.oauth(), MACHINE + "&client_id=" + CLIENT)
                        .error())
                .isEqualTo("invalid_client");
    }

    private static void register(String id, JWK... keys) {
        identity.clients(identity.adminToken())
                .createOAuthClient(CreateOAuthClientRequest.newBuilder()
                        .setId(id)
                        .setName("Core banking")
                        .setType(ClientType.CLIENT_TYPE_KEYS)
                        .addGrants(ClientGrant.CLIENT_GRANT_CLIENT_CREDENTIALS)
                        .addScopes("documents:read")
                        .setJwks(new JWKSet(Arrays.stream(keys)
                                        .map(JWK::toPublicJWK)
                                        .toList())
                                .toString())
                        .build());
    }

    private static void assertTaken(JWTClaimsSet.Builder claims) throws Exception {
        var answer = present(signed(by(JWSAlgorithm.PS256), claims));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private static void assertRefused(JWTClaimsSet.Builder claims) throws Exception {
        assertThat(present(signed(by(JWSAlgorithm.PS256), claims)).error()).isEqualTo("invalid_client");
    }

    private static OAuthForm.Answer present(String assertion) {
        return OAuthForm.post(identity.oauth(), MACHINE + form(assertion));
    }

    private static String form(String assertion) {
        return TYPE + "&client_assertion=" + assertion;
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(CLIENT)
                .subject(CLIENT)
                .audience(RunningIdentity.ISSUER)
                .issueTime(in(0))
                .expirationTime(in(60))
                .jwtID(UUID.randomUUID().toString());
    }

    private static Date in(int seconds) {
        return Date.from(clock.instant().plusSeconds(seconds));
    }

    private static JWSHeader by(JWSAlgorithm algorithm) {
        return new JWSHeader.Builder(algorithm)
                .keyID(JWSAlgorithm.Family.EC.contains(algorithm) ? "ec" : "rsa")
                .build();
    }

    private static String signed(JWSHeader header, JWTClaimsSet.Builder claims) throws JOSEException {
        return signed(
                header,
                claims,
                JWSAlgorithm.Family.EC.contains(header.getAlgorithm()) ? new ECDSASigner(ec) : new RSASSASigner(rsa));
    }

    private static String signed(JWSHeader header, JWTClaimsSet.Builder claims, JWSSigner signer) throws JOSEException {
        var jwt = new SignedJWT(header, claims.build());
        jwt.sign(signer);
        return jwt.serialize();
    }

    private static String byKey(String client, ECKey key) throws JOSEException {
        return signed(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
                claims().issuer(client).subject(client),
                new ECDSASigner(key));
    }
}
