package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import bank.platform.grpc.Headers;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.ActivateUserRequest;
import bank.v1.DeactivateUserRequest;
import bank.v1.LiftPauseRequest;
import bank.v1.LoginRequest;
import bank.v1.ResetPasswordRequest;
import bank.v1.RevokeAllSessionsRequest;
import bank.v1.TokenPair;
import bank.v1.User;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Who tries passwords is held back, over instances, and nobody else is.
final class SignInThrottleIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TestClock clock = new TestClock();
    private static final AtomicInteger addresses = new AtomicInteger();
    private static RunningIdentity identity;
    private static RunningIdentity other;

    @BeforeAll
    static void start() {
        var settings = Map.of("bank.identity.demo", "true");
        identity = RunningIdentity.start(postgres.database(), clock, settings);
        other = RunningIdentity.start(postgres.database(), clock, settings);
    }

    @AfterAll
    static void stop() {
        identity.close();
        other.close();
    }

    @Test
    void pausesGrowAfterTheFifthFailureAndTheRightPasswordWaitsToo() {
        var email = identity.registered().getEmail();
        for (var failure = 1; failure <= 4; failure++) {
            refused(email);
        }
        assertThat(right(address(), email)).isNotNull();
        for (var failure = 1; failure <= 5; failure++) {
            refused(email);
        }
        for (var pause : List.of(1L, 2L, 4L, 8L)) {
            assertThat(pause(() -> wrong(other, address(), email))).isEqualTo(pause);
            assertThat(pause(() -> right(address(), email))).isEqualTo(pause);
            clock.advance(Duration.ofSeconds(pause).minusMillis(1));
            assertThat(pause(() -> right(address(), email))).isEqualTo(1);
            clock.advance(Duration.ofMillis(1));
            refused(email);
        }
        assertThat(pause(() -> right(address(), email))).isEqualTo(16);
        clock.advance(Duration.ofSeconds(16));
        assertThat(right(address(), email)).isNotNull();
        refused(email);
    }

    @Test
    void noPauseIsLongerThanAQuarterOfAnHourAndFailuresAreForgottenAfterADay() {
        var email = identity.registered().getEmail();
        for (var failure = 1; failure <= 15; failure++) {
            refused(email);
            clock.advance(Duration.ofMinutes(15));
        }
        refused(email);
        assertThat(pause(() -> right(address(), email))).isEqualTo(900);
        clock.advance(Duration.ofHours(24));
        for (var failure = 1; failure <= 4; failure++) {
            refused(email);
        }
        assertThat(right(address(), email)).isNotNull();
    }

    @Test
    void unknownAccountsAreAnsweredAsKnownOnes() {
        var known = identity.registered().getEmail().toUpperCase(Locale.ROOT);
        var unknown = UUID.randomUUID() + "@example.org";
        for (var failure = 1; failure <= 8; failure++) {
            var told = failure(() -> wrong(identity, address(), known));
            assertThat(failure(() -> wrong(identity, address(), unknown))).isEqualTo(told);
            clock.advance(Duration.ofSeconds(failure % 2));
        }
        assertThat(reason(() -> wrong(identity, address(), known))).isEqualTo("SIGN_IN_PAUSED");
    }

    @Test
    void attemptsAtOnceOnOneAccountDoNotGetPast() throws Exception {
        var rounds = Races.rounds(2);
        for (var round = 0; round < rounds; round++) {
            // There need be no such account.
            var email = UUID.randomUUID() + "@example.org";
            looksAtNoMoreThan(5, 60, instance -> wrong(instance, address(), email));
        }
        Races.tell("60 attempts at once on one account, " + rounds + " rounds: never more than 5 looked at");
    }

    @Test
    void attemptsAtOnceFromOneAddressDoNotGetPast() throws Exception {
        var rounds = Races.rounds(1);
        for (var round = 0; round < rounds; round++) {
            var address = address();
            looksAtNoMoreThan(20, 60, instance -> wrong(instance, address, UUID.randomUUID() + "@example.org"));
        }
        Races.tell("60 attempts at once from one address, " + rounds + " rounds: never more than 20 looked at");
    }

    private static void looksAtNoMoreThan(int limit, int attempts, Consumer<RunningIdentity> attempt) throws Exception {
        var calls = new ArrayList<Callable<?>>();
        for (var i = 0; i < attempts; i++) {
            var instance = i % 2 == 0 ? identity : other;
            calls.add(Executors.callable(() -> attempt.accept(instance)));
        }
        // On a busy machine some wait for their turn in vain.
        assertThat(Reasons.together(calls))
                .isSubsetOf("BAD_CREDENTIALS", "SIGN_IN_PAUSED", "OVERLOADED")
                .filteredOn("BAD_CREDENTIALS"::equals)
                .hasSizeBetween(1, limit);
    }

    @Test
    void rightPasswordsAtOnceAreNotTakenForAnAttack() throws Exception {
        var email = identity.registered().getEmail();
        var here = address();
        var attempts = new ArrayList<Callable<TokenPair>>();
        for (var i = 0; i < 16; i++) {
            var instance = i % 2 == 0 ? identity : other;
            attempts.add(() -> login(instance, here, email, RunningIdentity.PASSWORD));
        }
        try (var threads = Executors.newFixedThreadPool(16)) {
            for (var attempt : threads.invokeAll(attempts)) {
                assertThat(attempt.get().getAccessToken()).isNotEmpty();
            }
        }
    }

    @Test
    void strangersCannotLockAUserOutWhereHeSignedInOfLate() {
        var email = identity.registered().getEmail();
        var home = address();
        assertThat(right(home, email)).isNotNull();
        clock.advance(Duration.ofDays(29));
        assertThat(right(home, email)).isNotNull();
        for (var failure = 1; failure <= 5; failure++) {
            refused(email);
        }
        assertThat(pause(() -> right(address(), email))).isEqualTo(1);
        assertThat(right(home, email)).isNotNull();

        clock.advance(Duration.ofSeconds(1));
        assertThat(right(address(), email)).isNotNull();

        clock.advance(Duration.ofDays(30));
        for (var failure = 1; failure <= 5; failure++) {
            refused(email);
        }
        assertThat(pause(() -> right(home, email))).isEqualTo(1);
    }

    @Test
    void wrongPasswordsOfWhoSignedInHereCountForTheAddressToo() {
        var office = address();
        var users = new ArrayList<String>();
        for (var user = 1; user <= 5; user++) {
            users.add(identity.registered().getEmail());
            assertThat(right(office, users.getLast())).isNotNull();
        }
        for (var guess = 1; guess <= 4; guess++) {
            for (var email : users) {
                assertThatCall(() -> wrong(identity, office, email)).fails(Code.UNAUTHENTICATED, "BAD_CREDENTIALS");
            }
        }
        var newcomer = identity.registered().getEmail();
        assertThat(pause(() -> right(office, newcomer))).isEqualTo(1);
        for (var email : users) {
            assertThat(pause(() -> wrong(identity, office, email))).isEqualTo(1);
            assertThat(right(office, email)).isNotNull();
        }
    }

    @Test
    void aPauseTellsNobodyWhoSignedInFromTheAddress() {
        var office = address();
        var known = identity.registered().getEmail();
        assertThat(right(office, known)).isNotNull();
        var newHere = identity.registered().getEmail();
        for (var failure = 1; failure <= 20; failure++) {
            assertThatCall(() -> wrong(identity, office, UUID.randomUUID() + "@example.org"))
                    .fails(Code.UNAUTHENTICATED, "BAD_CREDENTIALS");
        }
        for (var guess = 1; guess <= 8; guess++) {
            var told = failure(() -> wrong(identity, office, known));
            assertThat(failure(() -> wrong(identity, office, UUID.randomUUID() + "@example.org")))
                    .isEqualTo(told);
            assertThat(failure(() -> right(office, newHere))).isEqualTo(told);
        }
        // What is looked at in an hour was spent; another instance and the next hour look again.
        assertThat(pause(() -> right(office, known))).isEqualTo(1);
        assertThat(login(other, office, known, RunningIdentity.PASSWORD)).isNotNull();
    }

    @Test
    void inAPauseFewPasswordsOfAnAccountAreLookedAtAnHour() {
        var office = address();
        var known = identity.registered().getEmail();
        assertThat(right(office, known)).isNotNull();
        for (var failure = 1; failure <= 15; failure++) {
            assertThatCall(() -> wrong(identity, address(), known)).fails(Code.UNAUTHENTICATED, "BAD_CREDENTIALS");
            clock.advance(Duration.ofMinutes(failure < 15 ? 15 : 0));
        }
        for (var guess = 1; guess <= 4; guess++) {
            assertThat(reason(() -> wrong(identity, office, known))).isEqualTo("SIGN_IN_PAUSED");
        }
        assertThat(right(office, known)).isNotNull();
        for (var guess = 1; guess <= 5; guess++) {
            assertThat(reason(() -> wrong(identity, office, known))).isEqualTo("SIGN_IN_PAUSED");
        }
        assertThat(pause(() -> right(office, known))).isEqualTo(900);
    }

    @Test
    void aBlockANewPasswordAndTheEndOfAllSessionsForgetWhereAUserSignedIn() {
        var admin = login(identity, address(), "admin@demo.test", "demo-Passw0rd-2026")
                .getAccessToken();
        var users = identity.users(admin);
        var ends = Map.<String, Consumer<User>>of(
                "block",
                user -> {
                    users.deactivateUser(DeactivateUserRequest.newBuilder()
                            .setId(user.getId())
                            .setReason("lost")
                            .build());
                    users.activateUser(
                            ActivateUserRequest.newBuilder().setId(user.getId()).build());
                },
                "new password",
                user -> users.resetPassword(ResetPasswordRequest.newBuilder()
                        .setId(user.getId())
                        .setPassword(RunningIdentity.PASSWORD)
                        .build()),
                "end of all sessions",
                user -> identity.sessions(right(address(), user.getEmail()).getAccessToken())
                        .revokeAllSessions(RevokeAllSessionsRequest.getDefaultInstance()));
        for (var end : ends.entrySet()) {
            var user = identity.registered();
            var email = user.getEmail();
            var home = address();
            assertThat(right(home, email)).isNotNull();
            end.getValue().accept(user);
            for (var failure = 1; failure <= 5; failure++) {
                refused(email);
            }
            assertThat(reason(() -> right(home, email))).as(end.getKey()).isEqualTo("SIGN_IN_PAUSED");
        }
    }

    @Test
    void neighbouringNetworksAreHeldBackTogether() {
        var prefix = "2001:db8:" + Integer.toHexString(addresses.incrementAndGet()) + ":";
        for (var failure = 1; failure <= 100; failure++) {
            var address = prefix + "1" + Integer.toHexString(0x10 + failure % 10) + "::1";
            assertThatCall(() -> wrong(identity, address, UUID.randomUUID() + "@example.org"))
                    .fails(Code.UNAUTHENTICATED, "BAD_CREDENTIALS");
        }
        var email = identity.registered().getEmail();
        assertThat(pause(() -> right(prefix + "1ff::1", email))).isEqualTo(1);
        assertThat(right(prefix + "2ff::1", email)).isNotNull();
    }

    @Test
    void anAddressThatTriesManyAccountsIsHeldBack() {
        var prefix = "2001:db8:" + addresses.incrementAndGet() + ":1:";
        for (var failure = 1; failure <= 20; failure++) {
            var address = prefix + ":" + failure;
            var email = UUID.randomUUID() + "@example.org";
            assertThatCall(() -> wrong(identity, address, email)).fails(Code.UNAUTHENTICATED, "BAD_CREDENTIALS");
        }
        var email = identity.registered().getEmail();
        assertThat(pause(() -> right(prefix + "7:7:7:7", email))).isEqualTo(1);
        assertThat(right(prefix.replace(":1:", ":2:") + ":1", email)).isNotNull();

        // Signing in to an account of one's own does not win tries.
        clock.advance(Duration.ofSeconds(1));
        var own = identity.registered().getEmail();
        assertThat(right(prefix + ":9", own)).isNotNull();
        assertThatCall(() -> wrong(identity, prefix + ":9", email)).fails(Code.UNAUTHENTICATED, "BAD_CREDENTIALS");
        assertThat(pause(() -> right(prefix + ":9", email))).isEqualTo(2);
    }

    @Test
    void theTokenEndpointTellsThePauseAsHttpDoes() {
        var email = identity.registered().getEmail();
        for (var failure = 1; failure <= 6; failure++) {
            clock.advance(Duration.ofSeconds(1));
            refused(email);
        }
        var answer = OAuthForm.post(identity.oauth(), "grant_type=password&username=" + email + "&password=whatever");
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("retry-after")).isEqualTo("2");
        assertThat(answer.error()).isEqualTo("temporarily_unavailable");
    }

    @Test
    void administratorsLiftPauses() throws Exception {
        var user = identity.registered();
        var email = user.getEmail();
        var home = address();
        assertThat(right(home, email)).isNotNull();
        for (var failure = 1; failure <= 5; failure++) {
            refused(email);
        }
        var admin = login(identity, address(), "admin@demo.test", "demo-Passw0rd-2026")
                .getAccessToken();
        var client = login(identity, address(), "client@demo.test", "demo-Passw0rd-2026")
                .getAccessToken();
        var lift = LiftPauseRequest.newBuilder().setUserId(user.getId()).build();
        assertThatCall(() -> identity.signIns(client).liftPause(lift)).fails(Code.PERMISSION_DENIED, "ROLE_MISSING");
        assertThat(pause(() -> right(address(), email))).isEqualTo(1);
        assertThat(identity.signIns(admin).liftPause(lift)).isNotNull();
        assertThat(right(address(), email)).isNotNull();
        assertThat(right(home, email)).isNotNull();

        for (var failure = 1; failure <= 20; failure++) {
            var stranger = UUID.randomUUID() + "@example.org";
            assertThatCall(() -> wrong(identity, "198.51.100.7", stranger))
                    .fails(Code.UNAUTHENTICATED, "BAD_CREDENTIALS");
        }
        assertThat(pause(() -> right("198.51.100.7", email))).isEqualTo(1);
        assertThat(identity.signIns(admin)
                        .liftPause(LiftPauseRequest.newBuilder()
                                .setAddress("198.51.100.7")
                                .build()))
                .isNotNull();
        assertThat(right("198.51.100.7", email)).isNotNull();

        assertThatCall(() -> identity.signIns(admin)
                        .liftPause(LiftPauseRequest.newBuilder()
                                .setUserId(4_000_000)
                                .build()))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> identity.signIns(admin)
                        .liftPause(LiftPauseRequest.newBuilder()
                                .setAddress("nowhere")
                                .build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("address");
        assertThat(Sql.read(
                        postgres.database(),
                        "SELECT subject FROM audit_event WHERE type = 'SIGN_IN_PAUSE_LIFTED' ORDER BY number"))
                .containsExactly("user:" + user.getId(), "address:198.51.100.7");
    }

    @Test
    void theAuditLogHasEachRefusalEachPauseAndItsFirstRefusalOnce() throws Exception {
        var user = identity.registered();
        for (var failure = 1; failure <= 6; failure++) {
            refused(user.getEmail());
            for (var flood = 0; flood < 10 && failure >= 5; flood++) {
                assertThat(reason(() -> wrong(identity, address(), user.getEmail())))
                        .isEqualTo("SIGN_IN_PAUSED");
            }
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(Sql.read(
                        postgres.database(),
                        "SELECT type FROM audit_event WHERE subject = 'user:" + user.getId() + "' ORDER BY number"))
                .containsExactly(
                        "REGISTERED",
                        "SIGN_IN_REFUSED",
                        "SIGN_IN_REFUSED",
                        "SIGN_IN_REFUSED",
                        "SIGN_IN_REFUSED",
                        "SIGN_IN_REFUSED",
                        "SIGN_IN_PAUSED",
                        "SIGN_IN_REFUSED",
                        "SIGN_IN_REFUSED",
                        "SIGN_IN_PAUSED",
                        "SIGN_IN_REFUSED");
        assertThat(Sql.read(
                        postgres.database(),
                        "SELECT count(*) FROM audit_event WHERE detail LIKE 'paused until %' AND subject = 'user:"
                                + user.getId() + "'"))
                .containsExactly("2");
    }

    @Test
    void noAddressAndNoAccountStandsInTheCounters() throws Exception {
        var email = identity.registered().getEmail();
        assertThat(right("203.0.113.99", email)).isNotNull();
        var rows = Sql.read(
                postgres.database(),
                "SELECT c::text FROM sign_in_counter c UNION ALL SELECT a::text FROM sign_in_address a");
        assertThat(rows).isNotEmpty().noneMatch(row -> row.contains("203.0.113") || row.contains("example.org"));
    }

    private static void refused(String email) {
        assertThatCall(() -> wrong(identity, address(), email)).fails(Code.UNAUTHENTICATED, "BAD_CREDENTIALS");
    }

    private static TokenPair right(String address, String email) {
        return login(identity, address, email, RunningIdentity.PASSWORD);
    }

    private static TokenPair wrong(RunningIdentity instance, String address, String email) {
        return login(instance, address, email, "not the password");
    }

    private static TokenPair login(RunningIdentity instance, String address, String email, String password) {
        var headers = new Metadata();
        headers.put(Headers.key(Headers.CLIENT_ADDRESS), address);
        return instance.auth()
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .login(LoginRequest.newBuilder()
                        .setEmail(email)
                        .setPassword(password)
                        .build());
    }

    /// An address nobody was at before.
    private static String address() {
        var number = addresses.incrementAndGet();
        return "10." + (number >> 16) + "." + (number >> 8 & 255) + "." + (number & 255);
    }

    /// Seconds a refused call is told to wait.
    private static long pause(ThrowingCallable call) {
        assertThatCall(call).fails(Code.RESOURCE_EXHAUSTED, "SIGN_IN_PAUSED");
        return detail(call, RetryInfo.class).getRetryDelay().getSeconds();
    }

    private static String reason(ThrowingCallable call) {
        return detail(call, ErrorInfo.class).getReason();
    }

    private static Status failure(ThrowingCallable call) {
        return StatusProto.fromThrowable(catchThrowable(call));
    }

    private static <T extends Message> T detail(ThrowingCallable call, Class<T> type) {
        return failure(call).getDetailsList().stream()
                .filter(detail -> detail.is(type))
                .map(detail -> unpacked(detail, type))
                .findFirst()
                .orElseThrow();
    }

    private static <T extends Message> T unpacked(Any detail, Class<T> type) {
        try {
            return detail.unpack(type);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
