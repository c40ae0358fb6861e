package bank.registry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import bank.registry.RegistryContract;
import bank.registry.client.TestRegistry.Fault;
import bank.registry.model.Identifier;
import bank.registry.model.IdentifierType;
import bank.registry.model.Registry;
import bank.registry.model.RegistryUnavailableException;
import bank.testing.TestClock;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpRegistryIT extends RegistryContract {
    private static final Identifier MARY = PATIENT.identifier();
    private static final Fault DOWN = Fault.of(503, "");
    private static final int FAILURES_MAX = 4;
    private static final Duration REST = Duration.ofSeconds(15);

    private final TestClock clock = new TestClock();
    private final TestRegistry server = new TestRegistry(PATIENT, TAXPAYER, DEAD, CYRILLIC);
    private final HttpRegistry registry = registry(server.url(), Duration.ofSeconds(10), 3);

    private HttpRegistry registry(URI url, Duration timeout, int triesMax) {
        return new HttpRegistry(
                new RegistryEndpoint(
                        "test",
                        url,
                        server.tokenUrl(),
                        "bank",
                        "s:e cret",
                        timeout,
                        triesMax,
                        Duration.ofMillis(1),
                        FAILURES_MAX,
                        REST),
                clock);
    }

    @AfterEach
    void close() {
        registry.close();
        server.close();
    }

    @Override
    protected Registry registry(IdentifierType type) {
        return registry;
    }

    @Test
    void asksWithATokenOfItsOwnWhichItKeeps() {
        registry.find(MARY);
        registry.find(MARY);

        assertThat(server.tokens()).isEqualTo(1);
        assertThat(server.tokenRequests())
                .containsExactly("Basic "
                        + Base64.getEncoder().encodeToString("bank:s%3Ae+cret".getBytes(StandardCharsets.UTF_8))
                        + " grant_type=client_credentials");
    }

    @Test
    void renewsATokenBeforeItsEnd() {
        registry.find(MARY);
        clock.advance(Duration.ofSeconds(569));
        registry.find(MARY);
        assertThat(server.tokens()).isEqualTo(1);

        clock.advance(Duration.ofSeconds(1));
        registry.find(MARY);
        assertThat(server.tokens()).isEqualTo(2);
    }

    @Test
    void asksForAnotherTokenWhenTheRegistryRefusesOne() {
        registry.find(MARY);
        server.withdrawToken();

        assertThat(registry.find(MARY)).isPresent();
        assertThat(server.tokens()).isEqualTo(2);
    }

    @Test
    void getsOneTokenForManyQuestionsAtOnce() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = threads.invokeAll(IntStream.range(0, 50)
                    .mapToObj(n -> (Callable<Boolean>)
                            () -> registry.find(MARY).isPresent())
                    .toList());
            for (var answer : answers) {
                assertThat(answer.get()).isTrue();
            }
        }
        assertThat(server.tokens()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504})
    void asksAgainWhenTheRegistryFailsForTheMoment(int status) {
        server.failing(Fault.of(status, ""), Fault.of(status, "{}"));

        assertThat(registry.find(MARY)).contains(PATIENT);
        assertThat(server.asked()).isEqualTo(3);
    }

    @Test
    void givesUpAfterItsLastTry() {
        server.failing(DOWN, DOWN, DOWN);

        assertUnavailable(registry);
        assertThat(server.asked()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 301, 400, 403, 406, 410})
    void doesNotAskAgainWhatWasAnsweredForGood(int status) {
        server.failing(Fault.of(status, ""));

        assertUnavailable(registry);
        assertThat(server.asked()).isEqualTo(1);
    }

    @Test
    void takesAMissingAddressForNoAnswer() {
        server.failing(Fault.of(404, "<html>not found</html>"), Fault.of(404, "{}"), Fault.of(404, "{\"code\":1}"));

        assertUnavailable(registry);
        assertUnavailable(registry(URI.create(server.url() + "/elsewhere"), Duration.ofSeconds(10), 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not json",
                "[]",
                "''",
                "{}",
                "{\"identifier\":\"9434765919\"",
                "{\"identifier\":\"AB654321A\",\"first_name\":\"M\",\"last_name\":\"J\",\"birthday\":\"1984-04-12\",\"deceased\":false}",
                "{\"identifier\":\"9434765919\",\"last_name\":\"J\",\"birthday\":\"1984-04-12\",\"deceased\":false}",
                "{\"identifier\":\"9434765919\",\"first_name\":\" \",\"last_name\":\"J\",\"birthday\":\"1984-04-12\",\"deceased\":false}",
                "{\"identifier\":\"9434765919\",\"first_name\":\"M\",\"last_name\":7,\"birthday\":\"1984-04-12\",\"deceased\":false}",
                "{\"identifier\":\"9434765919\",\"first_name\":\"M\",\"last_name\":\"J\",\"birthday\":\"12.04.1984\",\"deceased\":false}",
                "{\"identifier\":\"9434765919\",\"first_name\":\"M\",\"last_name\":\"J\",\"birthday\":\"1984-02-30\",\"deceased\":false}",
                "{\"identifier\":\"9434765919\",\"first_name\":\"M\",\"last_name\":\"J\",\"birthday\":\"1984-04-12\"}",
                "{\"identifier\":\"9434765919\",\"first_name\":\"M\",\"last_name\":\"J\",\"birthday\":\"1984-04-12\",\"deceased\":\"no\"}"
            })
    void takesAnswersThatCannotBeReadForNone(String body) {
        server.failing(Fault.of(200, body), Fault.of(200, body), Fault.of(200, body));

        assertUnavailable(registry);
    }

    @Test
    void takesAnAnswerThatIsTooLongForNone() {
        var padded = "{\"x\":\"" + "x".repeat(64 * 1024) + "\"}";
        server.failing(Fault.of(200, padded), Fault.of(200, padded), Fault.of(200, padded));

        assertUnavailable(registry);
    }

    @Test
    void doesNotWaitLongerThanItsTime() {
        try (var hasty = registry(server.url(), Duration.ofSeconds(1), 3)) {
            server.failing(server.silence(), server.halfAnAnswer());

            assertThat(hasty.find(MARY)).contains(PATIENT);
            assertThat(server.asked()).isEqualTo(3);
        }
    }

    @Test
    void takesARegistryThatCannotBeReachedForDown() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        try (var gone = registry(URI.create("http://127.0.0.1:" + port), Duration.ofSeconds(10), 1)) {
            assertUnavailable(gone);
        }
    }

    @Test
    void leavesARegistryAloneThatOnlyFailsAndTriesItOnceLater() {
        try (var once = registry(server.url(), Duration.ofSeconds(10), 1)) {
            for (var failure = 0; failure < FAILURES_MAX; failure++) {
                server.failing(DOWN);
                assertUnavailable(once);
            }
            assertUnavailable(once);
            assertThat(server.asked()).isEqualTo(FAILURES_MAX);

            clock.advance(REST.minusMillis(1));
            assertUnavailable(once);
            assertThat(server.asked()).isEqualTo(FAILURES_MAX);

            clock.advance(Duration.ofMillis(2));
            server.failing(DOWN);
            assertUnavailable(once);
            assertUnavailable(once);
            assertThat(server.asked()).isEqualTo(FAILURES_MAX + 1);

            clock.advance(REST.plusMillis(1));
            assertThat(once.find(MARY)).isPresent();
            assertThat(once.find(MARY)).isPresent();
        }
    }

    @Test
    void oneAnswerAmongFailuresKeepsItTrying() {
        try (var once = registry(server.url(), Duration.ofSeconds(10), 1)) {
            for (var failure = 0; failure < FAILURES_MAX - 1; failure++) {
                server.failing(DOWN);
                assertUnavailable(once);
            }
            assertThat(once.find(MARY)).isPresent();
            server.failing(DOWN);
            assertUnavailable(once);

            assertThat(once.find(MARY)).isPresent();
        }
    }

    @Test
    void isUnavailableWithoutAToken() {
        server.failingTokens(
                Fault.of(401, "{\"error\":\"invalid_client\"}"), Fault.of(200, "{}"), Fault.of(200, "token"));

        for (var fault = 0; fault < 3; fault++) {
            assertUnavailable(registry);
        }
        assertThat(server.asked()).isZero();
    }

    @Test
    void saysNothingOfThePersonOrTheSecretWhenItFails() {
        server.failing(Fault.of(200, "{\"identifier\":\"9434765919\",\"first_name\":\"Mary\"}"));

        assertThatExceptionOfType(RegistryUnavailableException.class)
                .isThrownBy(() -> registry.find(MARY))
                .satisfies(e -> assertThat(e.toString()).doesNotContain("9434765919", "Mary", "cret"));
    }

    private static void assertUnavailable(HttpRegistry registry) {
        assertThatExceptionOfType(RegistryUnavailableException.class)
                .isThrownBy(() -> registry.find(MARY))
                .withMessageStartingWith("registry test ");
    }
}
