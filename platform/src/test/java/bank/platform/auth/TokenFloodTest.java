package bank.platform.auth;

import static bank.platform.FailureAssert.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.TestTokens;
import bank.platform.failure.FailureException;
import bank.testing.Eventually;
import bank.testing.TestClock;
import bank.v1.Role;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Base64URL;
import io.grpc.Status.Code;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Far more tokens than may be remembered. With `-Dtokens.flood=1000000` they are a million of each kind,
/// which takes minutes.
class TokenFloodTest {
    private static final int FLOOD = Integer.getInteger("tokens.flood", 40_000);
    private static final int REMEMBERED_MAX = 10_000;

    /// As many as fill whatever is to be filled.
    private static final int FILL = 15_000;

    /// Far less than what comes after [#FILL] would take, were it kept.
    private static final long GROWTH_BYTES_MAX = 2 << 20;

    private static final String URL = "https://partners.test";
    private static final QuickKey KEY = new QuickKey("partners-1");
    private static final Principal USER = new Principal.User(17, Role.ROLE_CLIENT, "s-1");

    private final TestClock clock = new TestClock();
    private final TestTokens tokens = new TestTokens(clock);

    /// How many signatures were checked: each needs the key.
    private final AtomicInteger checks = new AtomicInteger();

    private final TokenVerifier verifier = new TokenVerifier(
            List.of(
                    Issuer.identity(TestTokens.config(), counted(TestTokens.KEY.toPublicJWK())),
                    Issuer.foreign(
                            "partners",
                            URL,
                            "bank",
                            Set.of(JWSAlgorithm.RS256),
                            Set.of("at+jwt"),
                            Set.of(),
                            counted(KEY.toPublicJwk()))),
            clock);

    private final String known = TestTokens.sign(tokens.user(17, "client"));

    private JWKSource<SecurityContext> counted(JWK key) {
        var keys = new JWKSet(key);
        return (selector, context) -> {
            checks.incrementAndGet();
            return selector.select(keys);
        };
    }

    /// A good token, another for each number.
    private String good(int number) {
        return KEY.sign(
                "at+jwt", tokens.claims("shop-" + number).issuer(URL).build().toString());
    }

    private static Principal shop(int number) {
        return new Principal.Machine("partners/shop-" + number, Set.of());
    }

    /// A token of identity-service that nobody signed, another for each number.
    private String bad(int number) {
        var signature = new byte[256];
        new Random(number).nextBytes(signature);
        // So it is less than the modulus, and the check is made to its end.
        signature[0] = 1;
        return known.substring(0, known.indexOf('.') + 1)
                + Base64URL.encode(tokens.user(number, "admin").build().toString())
                + "."
                + Base64URL.encode(signature);
    }

    private boolean isKnownBesideTheOther(int number) {
        return verifier.verify(good(number)).equals(shop(number))
                && verifier.verify(known).equals(USER);
    }

    private boolean isRefusedAndForgotten(int number) {
        var token = bad(number);
        try {
            verifier.verify(token);
            return false;
        } catch (FailureException e) {
            return e.failure().reason().equals("TOKEN_INVALID") && verifier.known(token) == null;
        }
    }

    private static void assertAll(int from, int to, IntPredicate holds) {
        assertThat(IntStream.range(from, to).parallel().filter(holds.negate()).boxed())
                .isEmpty();
    }

    /// How much is reachable.
    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void goodTokensTakeNoMoreThanTheirPlace() {
        assertAll(0, FILL, this::isKnownBesideTheOther);
        assertThat(verifier.remembered()).isEqualTo(REMEMBERED_MAX);
        var full = heapBytes();

        assertAll(FILL, FLOOD, this::isKnownBesideTheOther);

        assertThat(verifier.remembered()).isEqualTo(REMEMBERED_MAX);
        assertThat(heapBytes() - full).isLessThan(GROWTH_BYTES_MAX);
        assertThat(checks.get()).isGreaterThan(FLOOD);
    }

    @Test
    void aTokenInUseKeepsItsPlace() {
        verifier.verify(known);

        assertAll(0, FILL, this::isKnownBesideTheOther);

        assertThat(checks.get()).isEqualTo(1 + FILL);
        assertThat(verifier.known(known)).isEqualTo(USER);
    }

    @Test
    void badTokensTakeNoPlace() {
        verifier.verify(known);
        assertAll(0, FILL, this::isRefusedAndForgotten);
        var before = heapBytes();

        assertAll(FILL, FLOOD, this::isRefusedAndForgotten);

        assertThat(heapBytes() - before).isLessThan(GROWTH_BYTES_MAX);
        assertThat(verifier.remembered()).isEqualTo(1);
        assertThat(checks.get()).isEqualTo(1 + FLOOD);
        assertThat(verifier.known(known)).isEqualTo(USER);
    }

    @Test
    void tokensWhoseTimeIsOverGiveTheirPlaceBack() {
        verifier.verify(known);
        assertAll(0, 1_000, this::isKnownBesideTheOther);
        clock.advance(Duration.ofSeconds(19));
        verifier.verify(good(1_000));
        assertThat(verifier.remembered()).isEqualTo(1_002);

        clock.advance(Duration.ofSeconds(1));

        Eventually.holds("all but the last are gone", Duration.ofSeconds(5), () -> verifier.remembered() == 1);
        assertThat(verifier.known(known)).isNull();
        assertThat(verifier.verify(known)).isEqualTo(USER);
    }

    @Test
    void manyWhoBringTheSameNewTokenAtOnceAreAllToldRight() throws Exception {
        var callers = 16;
        var rounds = 100;
        var together = new CyclicBarrier(callers);
        try (var threads = Executors.newFixedThreadPool(callers)) {
            for (var round = 0; round < rounds; round++) {
                var number = round;
                var token = good(number);
                var other = good(number + 1);
                var forged = token.substring(0, token.lastIndexOf('.')) + other.substring(other.lastIndexOf('.'));
                var answers = threads.invokeAll(Collections.nCopies(callers, () -> {
                    together.await();
                    assertFails(Code.UNAUTHENTICATED, "TOKEN_INVALID", () -> verifier.verify(forged));
                    return verifier.verify(token);
                }));
                for (var answer : answers) {
                    assertThat(answer.get()).isEqualTo(shop(number));
                }
            }
        }
        assertThat(verifier.remembered()).isEqualTo(rounds);
        assertThat(checks.get()).isBetween(rounds * (callers + 1), rounds * 2 * callers);
    }
}
