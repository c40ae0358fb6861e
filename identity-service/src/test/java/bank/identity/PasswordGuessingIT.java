package bank.identity;

import static bank.testing.StatusAssert.assertThatFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import bank.platform.grpc.Headers;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.LoginRequest;
import bank.v1.TokenPair;
import bank.v1.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Wrong passwords by the thousand: few of them are looked at or leave anything behind, and their victims get in.
final class PasswordGuessingIT {
    private static final String HOME = "192.0.2.7";
    private static final int BATCH = 50;
    private static final int ACCOUNT_FAILURES = 5;
    private static final long PAUSE_MAX = 900;

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TestClock clock = new TestClock();
    private static final AtomicInteger addresses = new AtomicInteger();
    private static RunningIdentity identity;

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(postgres.database(), clock, Map.of());
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @Test
    void aFloodOfGuessesAtOneAccountIsNotLookedAtAndLeavesNothing() throws Exception {
        var victim = identity.registered();
        assertThat(right(HOME, victim)).isNotNull();
        var counters = count("sign_in_counter");
        var known = count("sign_in_address");
        var guesses = Races.rounds(1_000) * 10;
        for (var batch = 0; batch < guesses / BATCH; batch++) {
            var calls = new ArrayList<Callable<String>>();
            for (var i = 0; i < BATCH; i++) {
                calls.add(() -> wrong(address(), victim.getEmail()));
            }
            for (var answer : Races.together(calls)) {
                assertThat(answer.get()).isIn("BAD_CREDENTIALS", "SIGN_IN_PAUSED", "OVERLOADED");
            }
        }
        assertThat(lookedAt(victim)).isBetween(1L, (long) ACCOUNT_FAILURES);
        assertThat(count("sign_in_counter") - counters).isLessThanOrEqualTo(1 + ACCOUNT_FAILURES);
        assertThat(count("sign_in_address")).isEqualTo(known);
        getsIn(victim);
        Races.tell(guesses + " guesses at once: " + lookedAt(victim) + " looked at, "
                + (count("sign_in_counter") - counters) + " counters more");
    }

    @Test
    void aPatientGuesserIsLookedAtOnceInAQuarterOfAnHour() throws Exception {
        var victim = identity.registered();
        assertThat(right(HOME, victim)).isNotNull();
        var seconds = Races.rounds(30) * 10L;
        for (var second = 0; second < seconds; second++) {
            assertThat(wrong(address(), victim.getEmail())).isIn("BAD_CREDENTIALS", "SIGN_IN_PAUSED");
            clock.advance(Duration.ofSeconds(1));
        }
        // Pauses of 1, 2, 4 and so on up to 512 seconds come first.
        assertThat(lookedAt(victim))
                .isBetween((long) ACCOUNT_FAILURES, ACCOUNT_FAILURES + 10 + seconds / PAUSE_MAX + 1);
        getsIn(victim);
        Races.tell("a guess a second for " + seconds + " s: " + lookedAt(victim) + " looked at");
    }

    @Test
    void sprayingManyAccountsFromManyAddressesGetsFiveGuessesAtEach() throws Exception {
        var victims =
                IntStream.range(0, 6).mapToObj(each -> identity.registered()).toList();
        for (var victim : victims) {
            assertThat(right(HOME, victim)).isNotNull();
        }
        for (var guess = 0; guess < 2 * ACCOUNT_FAILURES; guess++) {
            for (var victim : victims) {
                assertThat(wrong(address(), victim.getEmail()))
                        .isEqualTo(guess < ACCOUNT_FAILURES ? "BAD_CREDENTIALS" : "SIGN_IN_PAUSED");
            }
        }
        for (var victim : victims) {
            assertThat(lookedAt(victim)).isEqualTo(ACCOUNT_FAILURES);
            assertThat(right(HOME, victim)).isNotNull();
        }
    }

    @Test
    void sprayingManyAccountsFromOneAddressGetsTwentyGuessesAtAll() throws Exception {
        var victims =
                IntStream.range(0, 3).mapToObj(each -> identity.registered()).toList();
        for (var victim : victims) {
            assertThat(right(HOME, victim)).isNotNull();
        }
        var attacker = address();
        var answers = new ArrayList<String>();
        for (var guess = 0; guess < 40; guess++) {
            // Most have no account.
            var email = guess % 8 == 0
                    ? victims.get(guess / 8 % victims.size()).getEmail()
                    : guess + "-" + victims.getFirst().getEmail();
            answers.add(wrong(attacker, email));
        }
        assertThat(answers.subList(0, 20)).containsOnly("BAD_CREDENTIALS");
        assertThat(answers.subList(20, 40)).containsOnly("SIGN_IN_PAUSED");
        for (var victim : victims) {
            assertThat(right(HOME, victim)).isNotNull();
            assertThat(right(address(), victim)).isNotNull();
        }
    }

    /// At home at once, elsewhere when the pause is over.
    private static void getsIn(User victim) {
        assertThat(right(HOME, victim)).isNotNull();
        assertThatFailure(catchThrowable(() -> right(address(), victim))).hasReason("SIGN_IN_PAUSED");
        clock.advance(Duration.ofSeconds(PAUSE_MAX));
        assertThat(right(address(), victim)).isNotNull();
    }

    private static long lookedAt(User victim) throws Exception {
        return count("audit_event WHERE detail = 'wrong password' AND subject = 'user:" + victim.getId() + "'");
    }

    private static TokenPair right(String address, User user) {
        return login(address, user.getEmail(), RunningIdentity.PASSWORD);
    }

    private static String wrong(String address, String email) {
        return Reasons.of(catchThrowable(() -> login(address, email, "not the password")));
    }

    private static TokenPair login(String address, String email, String password) {
        return RunningIdentity.with(identity.auth(), Headers.CLIENT_ADDRESS, address)
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

    private static long count(String rows) throws Exception {
        return Long.parseLong(
                Sql.read(postgres.database(), "SELECT count(*) FROM " + rows).getFirst());
    }
}
