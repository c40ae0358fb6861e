package bank.identity;

import static bank.identity.OAuthForm.header;
import static bank.identity.OAuthForm.request;
import static bank.identity.OAuthForm.send;
import static bank.testing.StatusAssert.assertThatCall;
import static java.net.URLEncoder.encode;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.OAuthForm.Answer;
import bank.platform.grpc.Headers;
import bank.testing.ExpectedLog;
import bank.testing.PostgresExtension;
import bank.testing.ProofKey;
import bank.testing.TestClock;
import bank.v1.GetMeRequest;
import bank.v1.RefreshRequest;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Tokens bound to a key (RFC 9449), from the token endpoint on.
final class BoundTokensIT {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("ended: a spent refresh token was used");

    private static final String SECRET = "a-secret-of-16-letters";

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TestClock clock = new TestClock(Instant.parse("2026-03-01T12:00:00Z"));
    private static RunningIdentity identity;

    private final ProofKey key = new ProofKey();
    private String password;

    @BeforeAll
    static void start() throws Exception {
        identity = RunningIdentity.start(
                postgres.database(),
                clock,
                Map.of(
                        "bank.identity.clients.machine.secret",
                        SECRET,
                        "bank.identity.clients.machine.scopes",
                        "users:read"));
        Sql.update(postgres.database(), """
                INSERT INTO oauth_client (id, name, scopes, grants, dpop_bound, first_party)
                VALUES ('bound-cli', 'Takes bound tokens alone', '{}', '{PASSWORD,REFRESH_TOKEN}', true, true)""");
        Sql.update(postgres.database(), """
                INSERT INTO oauth_client (id, name, secret_hash, scopes, grants, first_party)
                SELECT 'portal', 'Keeps a secret', secret_hash, '{}', '{PASSWORD,REFRESH_TOKEN}', true
                FROM oauth_client WHERE id = 'machine'""");
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @BeforeEach
    void register() {
        password = "grant_type=password&username="
                + encode(identity.registered().getEmail(), UTF_8) + "&password="
                + encode(RunningIdentity.PASSWORD, UTF_8);
    }

    private String proof(ProofKey of) {
        return proof(of, "/token");
    }

    private String proof(ProofKey of, String path) {
        return of.proof("POST", RunningIdentity.ISSUER + path, null, clock.instant());
    }

    private static Answer post(String form, String... proofs) {
        return postTo("/token", form, proofs);
    }

    private static Answer postTo(String path, String form, String... proofs) {
        var request = request("POST", path, form);
        for (var proof : proofs) {
            request.addHeaders(header("dpop", proof));
        }
        return send(identity.oauth(), request);
    }

    private static String refresh(Answer tokens) {
        return "grant_type=refresh_token&refresh_token=" + tokens.get("refresh_token");
    }

    private static Object confirmation(Answer tokens) throws Exception {
        return SignedJWT.parse(tokens.get("access_token")).getJWTClaimsSet().getClaim("cnf");
    }

    private static void assertRefused(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo("invalid_dpop_proof");
        assertThat(answer.get("error_description")).isNotEqualTo("null");
    }

    private void getMe(String scheme, String token, String proof) {
        var metadata = new Metadata();
        metadata.put(Headers.key("authorization"), scheme + " " + token);
        metadata.put(Headers.key("dpop"), proof);
        var _ = identity.users()
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .getMe(GetMeRequest.getDefaultInstance());
    }

    @Test
    void areBoundToTheKeyOfTheProof() throws Exception {
        var tokens = post(password, proof(key));

        assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
        assertThat(tokens.get("token_type")).isEqualTo("DPoP");
        assertThat(confirmation(tokens)).isEqualTo(Map.of("jkt", key.thumbprint()));

        var token = tokens.get("access_token");
        var url = "http://127.0.0.1:" + identity.server().port() + "/bank.v1.UserService/GetMe";
        getMe("DPoP", token, key.proof("POST", url, token, clock.instant()));
        assertThatCall(() -> getMe("Bearer", token, key.proof("POST", url, token, clock.instant())))
                .fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
        assertThatCall(() -> getMe("DPoP", token, new ProofKey().proof("POST", url, token, clock.instant())))
                .fails(Code.UNAUTHENTICATED, "PROOF_INVALID");
    }

    @Test
    void tellOfTheirUserWithAProofAlone() {
        var token = post(password, proof(key)).get("access_token");
        var url = RunningIdentity.ISSUER + "/oauth2/userinfo";
        var used = key.proof("GET", url, token, clock.instant());

        assertThat(userInfo("DPoP " + token, used).status()).isEqualTo(200);
        for (var proof : List.of(used, key.proof("GET", url, null, clock.instant()), "x")) {
            var refused = userInfo("DPoP " + token, proof);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.error()).isEqualTo("invalid_dpop_proof");
            assertThat(refused.header("www-authenticate"))
                    .startsWith("DPoP ")
                    .contains("error=\"invalid_dpop_proof\"", "algs=\"");
        }
        assertThat(userInfo("Bearer " + token, key.proof("GET", url, token, clock.instant()))
                        .error())
                .isEqualTo("invalid_token");
        var bearer = post(password).get("access_token");
        assertThat(userInfo("DPoP " + bearer, key.proof("GET", url, bearer, clock.instant()))
                        .error())
                .isEqualTo("invalid_token");
    }

    private static Answer userInfo(String authorization, String proof) {
        return send(
                identity.oauth(),
                request("GET", "/oauth2/userinfo", "")
                        .addHeaders(header("authorization", authorization))
                        .addHeaders(header("dpop", proof)));
    }

    @Test
    void areOrdinaryWithoutAProof() throws Exception {
        var tokens = post(password);

        assertThat(tokens.get("token_type")).isEqualTo("Bearer");
        assertThat(confirmation(tokens)).isNull();
    }

    @Test
    void areRefusedForProofsThatAreNotForTheRequest() {
        var used = proof(key);
        assertThat(post(password, used).status()).isEqualTo(200);
        for (var proof : List.of(
                used,
                "",
                "a.b.c",
                proof(key, "/oauth2/token"),
                proof(key, "/v1/auth/login"),
                key.proof("GET", RunningIdentity.ISSUER + "/token", null, clock.instant()),
                key.proof("POST", "http://127.0.0.1/token", null, clock.instant()),
                key.proof(
                        "POST",
                        RunningIdentity.ISSUER + "/token",
                        null,
                        clock.instant().minusSeconds(66)),
                key.proof(
                        "POST",
                        RunningIdentity.ISSUER + "/token",
                        null,
                        clock.instant().plusSeconds(6)))) {
            assertRefused(post(password, proof));
        }
        assertThat(post(password, proof(key), proof(key)).status()).isEqualTo(400);
        assertThat(postTo("/oauth2/token", password, proof(key, "/oauth2/token"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void refreshTokensOfPublicClientsNeedTheSameKey() throws Exception {
        var first = post(password, proof(key));

        assertRefused(post(refresh(first)));
        assertRefused(post(refresh(first), proof(new ProofKey())));
        var second = post(refresh(first), proof(key));
        assertThat(second.get("token_type")).isEqualTo("DPoP");
        assertThat(confirmation(second)).isEqualTo(Map.of("jkt", key.thumbprint()));
        assertThat(post(refresh(first), proof(key)).get("refresh_token"))
                .as("a retry")
                .isEqualTo(second.get("refresh_token"));
        assertRefused(post(refresh(second)));
        assertThat(Sql.read(
                        postgres.database(),
                        "SELECT type || ' ' || detail FROM audit_event ORDER BY number DESC LIMIT 1"))
                .singleElement()
                .asString()
                .startsWith("REFRESH_REFUSED client:bank-cli: session ")
                .endsWith(", no proof of its key");
        assertThat(post(refresh(second), proof(key)).status()).isEqualTo(200);
    }

    @Test
    void refreshTokensGoNoWayAroundTheProof() {
        var tokens = post(password, proof(key));

        assertThatCall(() -> identity.auth()
                        .refresh(RefreshRequest.newBuilder()
                                .setRefreshToken(tokens.get("refresh_token"))
                                .build()))
                .fails(Code.UNAUTHENTICATED, "PROOF_REQUIRED");
    }

    @Test
    void refreshTokensAreBoundAtTheSignInOrNever() throws Exception {
        var bearer = post(password);
        var bound = post(refresh(bearer), proof(key));

        assertThat(bound.get("token_type")).isEqualTo("DPoP");
        assertThat(confirmation(bound)).isEqualTo(Map.of("jkt", key.thumbprint()));
        assertThat(post(refresh(bound)).get("token_type")).isEqualTo("Bearer");
    }

    @Test
    void aThiefsKeyDoesNotHideThatATokenIsUsedTwice() throws Exception {
        var bearer = post(password);
        var stolen = post(refresh(bearer), proof(key));
        assertThat(stolen.status()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(31));

        assertThat(post(refresh(bearer)).error()).isEqualTo("invalid_grant");
        assertThat(post(refresh(stolen), proof(key)).error()).isEqualTo("invalid_grant");
        assertReuseAudited(bearer);
    }

    @Test
    void spentTokensOfABoundSessionEndItWithoutTheKeyToo() throws Exception {
        for (var proofs : List.of(List.<String>of(), List.of(proof(new ProofKey())))) {
            var first = post(password, proof(key));
            var second = post(refresh(first), proof(key));

            assertThat(post(refresh(first), proofs.toArray(String[]::new)).error())
                    .isEqualTo("invalid_grant");
            assertThat(post(refresh(second), proof(key)).error()).isEqualTo("invalid_grant");
            assertReuseAudited(first);
        }
    }

    private static void assertReuseAudited(Answer tokens) throws Exception {
        var session =
                SignedJWT.parse(tokens.get("access_token")).getJWTClaimsSet().getClaim("sid");
        assertThat(Sql.read(
                        postgres.database(),
                        "SELECT detail FROM audit_event WHERE type = 'REFRESH_TOKEN_REUSED' AND detail LIKE '%"
                                + session + "%'"))
                .hasSize(1);
    }

    @Test
    void clientsThatProveThemselvesMayChangeTheirKey() throws Exception {
        var authenticated = "&client_id=portal&client_secret=" + SECRET;
        var first = post(password + authenticated, proof(key));
        assertThat(first.status()).as(first.body()).isEqualTo(200);
        var other = new ProofKey();
        var second = post(refresh(first) + authenticated, proof(other));

        assertThat(confirmation(second)).isEqualTo(Map.of("jkt", other.thumbprint()));
    }

    @Test
    void clientsMayTakeNoOthers() throws Exception {
        assertRefused(post(password + "&client_id=bound-cli"));
        var first = post(password + "&client_id=bound-cli", proof(key));
        assertThat(confirmation(first)).isEqualTo(Map.of("jkt", key.thumbprint()));
        assertRefused(post(refresh(first) + "&client_id=bound-cli"));
    }

    @Test
    void machinesGetThemToo() throws Exception {
        var form = "grant_type=client_credentials&client_id=machine&client_secret=" + SECRET;
        var tokens = post(form, proof(key));

        assertThat(tokens.get("token_type")).isEqualTo("DPoP");
        assertThat(tokens.get("scope")).isEqualTo("users:read");
        assertThat(confirmation(tokens)).isEqualTo(Map.of("jkt", key.thumbprint()));
    }

    @Test
    void aProofIsNotSpentByAClientThatIsRefused() {
        var proof = proof(key);
        var form = "grant_type=client_credentials&client_id=machine&client_secret=";

        assertThat(post(form + "wrong", proof).error()).isEqualTo("invalid_client");
        assertThat(post(form + SECRET, proof).status()).isEqualTo(200);
    }

    @Test
    void aProofIsNotSpentByAGrantThatIsRefused() {
        var proof = proof(key);

        assertThat(post("grant_type=refresh_token&refresh_token=none", proof).error())
                .isEqualTo("invalid_grant");
        assertThat(post(password, proof).status()).isEqualTo(200);
        assertRefused(post(password, proof));
    }

    @Test
    void aProofIsGoodForOneGrantHoweverManyComeAtOnce() throws Exception {
        var user = identity.registered();
        var form = "grant_type=password&username=" + encode(user.getEmail(), UTF_8) + "&password="
                + encode(RunningIdentity.PASSWORD, UTF_8);
        var proof = proof(key);
        var statuses = new ArrayList<Integer>();
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (var answer : threads.invokeAll(Collections.<Callable<Answer>>nCopies(4, () -> post(form, proof)))) {
                statuses.add(answer.get().status());
            }
        }
        assertThat(statuses).containsExactlyInAnyOrder(200, 400, 400, 400);
        assertThat(Sql.read(postgres.database(), "SELECT id FROM session WHERE user_id = " + user.getId()))
                .as("sessions")
                .hasSize(1);
    }

    @Test
    void proofsMayBeForgottenOnceTheyPassNoMore() {
        var proof = proof(key);
        post(password, proof);
        clock.advance(Duration.ofSeconds(66));

        assertRefused(post(password, proof));
        assertThat(post(password, proof(key)).status()).isEqualTo(200);
    }
}
