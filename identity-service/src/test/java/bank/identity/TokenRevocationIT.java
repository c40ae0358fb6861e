package bank.identity;

import static bank.identity.OAuthForm.header;
import static bank.identity.OAuthForm.post;
import static bank.identity.OAuthForm.request;
import static bank.identity.OAuthForm.revoke;
import static bank.identity.OAuthForm.send;
import static bank.testing.StatusAssert.assertThatCall;
import static bank.testing.StatusAssert.assertThatFailure;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.PostgresExtension;
import bank.v1.RefreshRequest;
import bank.v1.TokenPair;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.Status.Code;
import java.sql.DriverManager;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenRevocationIT {
    private static final String MACHINE = "contract-service";
    // The form-encoded spelling is the same.
    private static final String SECRET = "a-secret-of-the-settings";
    private static final int RACES = Races.rounds(200);

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static RunningIdentity identity;

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(
                postgres.database(),
                Clock.systemUTC(),
                Map.of(
                        "bank.identity.clients.contract-service.secret",
                        SECRET,
                        "bank.identity.clients.contract-service.scopes",
                        "users:read"));
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "&token_type_hint=refresh_token", "&token_type_hint=access_token", "&token_type_hint=other"})
    void endsTheSessionOfARefreshToken(String hint) {
        var tokens = identity.loggedIn();
        assertRevoked(revoke(identity.oauth(), "client_id=bank-cli&token=" + tokens.getRefreshToken() + hint));
        assertEnded(tokens);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "&token_type_hint=refresh_token", "&token_type_hint=access_token", "&token_type_hint=other"})
    void endsTheSessionOfAnAccessToken(String hint) {
        var tokens = identity.loggedIn();
        assertRevoked(revoke(identity.oauth(), "client_id=bank-cli&token=" + tokens.getAccessToken() + hint));
        assertEnded(tokens);
    }

    @Test
    void endsTheSessionOfASpentRefreshToken() {
        var first = identity.loggedIn();
        var third = refresh(refresh(first.getRefreshToken()).getRefreshToken());
        assertRevoked(revoke(identity.oauth(), "client_id=bank-cli&token=" + first.getRefreshToken()));
        assertEnded(third);
    }

    @Test
    void leavesOtherSessionsOfTheUserAlone() {
        var user = identity.registered();
        var one = identity.login(user.getEmail(), RunningIdentity.PASSWORD);
        var other = identity.login(user.getEmail(), RunningIdentity.PASSWORD);
        assertRevoked(revoke(identity.oauth(), "client_id=bank-cli&token=" + one.getRefreshToken()));
        assertThat(refresh(other.getRefreshToken())).isNotNull();
    }

    @Test
    void answersTheSameForUnknownEndedAndForeignTokens() {
        var tokens = identity.loggedIn();
        var ended = identity.loggedIn();
        var first = revoke(identity.oauth(), "client_id=bank-cli&token=" + ended.getRefreshToken());
        var answers = new ArrayList<OAuthForm.Answer>();
        answers.add(revoke(identity.oauth(), "client_id=bank-cli&token=" + ended.getRefreshToken()));
        for (var token : List.of("unknown", "a.b.c", "x".repeat(10_000), changed(tokens.getRefreshToken()))) {
            answers.add(revoke(identity.oauth(), "client_id=bank-cli&token=" + token));
        }
        for (var foreign : List.of(tokens.getRefreshToken(), tokens.getAccessToken())) {
            answers.add(revokeAsMachine(foreign));
        }
        answers.add(revoke(identity.oauth(), "client_id=bank-cli&token=" + machineToken()));
        assertThat(answers).allSatisfy(answer -> {
            assertRevoked(answer);
            assertThat(answer.body()).isEqualTo(first.body());
        });
        assertThat(refresh(tokens.getRefreshToken())).isNotNull();
    }

    @Test
    void tellsThatATokenOfNoSessionHoldsUntilItEnds() {
        var answer = revokeAsMachine(machineToken());
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo("unsupported_token_type");
    }

    @ParameterizedTest
    @CsvSource({
        "client_id=nobody&token=x, 401, invalid_client",
        "client_id=contract-service&token=x, 401, invalid_client",
        "client_id=contract-service&client_secret=wrong&token=x, 401, invalid_client",
        "client_id=bank-cli&client_secret=wrong&token=x, 401, invalid_client",
        "client_id=bank-cli, 400, invalid_request",
        "token=x, 400, invalid_request",
        "client_id=bank-cli&token=x&token=y, 400, invalid_request",
    })
    void refusesClientsThatProveNothingAndRequestsThatSayNothing(String form, int status, String error) {
        var answer = revoke(identity.oauth(), form);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.error()).isEqualTo(error);
    }

    @Test
    void takesPostsAlone() {
        assertThat(send(identity.oauth(), request("GET", "/oauth2/revoke", "")).status())
                .isEqualTo(405);
        assertThat(send(identity.oauth(), request("GET", "/oauth2/introspect", ""))
                        .status())
                .isEqualTo(405);
    }

    @Test
    void auditsTheEndOfASession() throws Exception {
        var tokens = identity.loggedIn();
        revoke(identity.oauth(), "client_id=bank-cli&token=" + tokens.getRefreshToken());
        revoke(identity.oauth(), "client_id=bank-cli&token=" + tokens.getRefreshToken());
        assertThat(Sql.read(
                        postgres.database(),
                        "SELECT type FROM audit_event WHERE detail LIKE '%token revoked by client bank-cli'"
                                + " AND number > (SELECT max(number) FROM audit_event WHERE type = 'SIGNED_IN')"))
                .containsExactly("SESSION_ENDED");
    }

    @Test
    void refreshNeverWinsOverRevocation() throws Exception {
        var database = postgres.database();
        var tokens = identity.loggedIn();
        var session = SignedJWT.parse(tokens.getAccessToken()).getJWTClaimsSet().getStringClaim("sid");
        var won = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                var revive = connection.prepareStatement(
                        "UPDATE session SET ended_at = NULL, generation = 1 WHERE id = '" + session + "'")) {
            for (var race = 0; race < RACES; race++) {
                won += race(threads, tokens, race % 2 == 0 ? tokens.getRefreshToken() : tokens.getAccessToken());
                assertThat(revive.executeUpdate()).isOne();
            }
        }
        assertThat(won).as("refreshes answered before the revocation").isBetween(1, 2 * RACES - 1);
    }

    /// Revokes a token while the session's refresh token is exchanged: whatever came of that, it is over then.
    ///
    /// @return how many exchanges were answered
    private static int race(ExecutorService threads, TokenPair tokens, String revoked) throws Exception {
        var start = new CountDownLatch(1);
        Callable<TokenPair> refresh = () -> {
            start.await();
            return refresh(tokens.getRefreshToken());
        };
        var refreshes = List.of(threads.submit(refresh), threads.submit(refresh));
        var revocation = threads.submit(() -> {
            start.await();
            return revoke(identity.oauth(), "client_id=bank-cli&token=" + revoked);
        });
        start.countDown();
        assertRevoked(revocation.get());
        var answered = 0;
        for (var answer : refreshes) {
            try {
                assertEnded(answer.get());
                answered++;
            } catch (ExecutionException e) {
                assertThatFailure(e.getCause()).fails(Code.UNAUTHENTICATED, "INVALID_REFRESH_TOKEN");
            }
        }
        assertEnded(tokens);
        return answered;
    }

    private static void assertRevoked(OAuthForm.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
    }

    private static void assertEnded(TokenPair tokens) {
        assertThatCall(() -> refresh(tokens.getRefreshToken())).fails(Code.UNAUTHENTICATED, "INVALID_REFRESH_TOKEN");
    }

    private static TokenPair refresh(String token) {
        return identity.auth()
                .refresh(RefreshRequest.newBuilder().setRefreshToken(token).build());
    }

    private static String changed(String token) {
        return (token.charAt(0) == 'A' ? 'B' : 'A') + token.substring(1);
    }

    private static String machineToken() {
        return post(identity.oauth(), MACHINE, SECRET, "grant_type=client_credentials")
                .get("access_token");
    }

    private static OAuthForm.Answer revokeAsMachine(String token) {
        return send(
                identity.oauth(),
                request("POST", "/oauth2/revoke", "token=" + token)
                        .addHeaders(header("authorization", OAuthForm.basic(MACHINE, SECRET))));
    }
}
