package bank.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import bank.platform.grpc.CallTimes;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    @ConfigMapping(prefix = "bank.test")
    interface TestConfig extends ServiceConfig {
        UpstreamConfig upstream();

        @WithDefault("PT5S")
        Duration pauseMax();

        @WithDefault("light")
        Shade shade();

        @WithDefault("true")
        boolean bright();

        OptionalLong longest();

        Optional<URI> page();

        enum Shade {
            LIGHT,
            PITCH_BLACK
        }

        Map<String, Partner> partners();

        Optional<List<String>> colours();

        interface Partner {
            String address();

            Optional<String> scope();
        }
    }

    private static final Map<String, String> NEEDED = Map.of(
            "bank.test.port", "9001",
            "bank.test.database.url", "jdbc:postgresql://127.0.0.1/test",
            "bank.test.database.user", "test",
            "bank.test.tokens.issuer", "https://bank.test",
            "bank.test.kafka.bootstrap-servers", "127.0.0.1:9092",
            "bank.test.upstream.identity", "127.0.0.1:9000",
            "bank.test.upstream.client-id", "test-service",
            "bank.test.upstream.client-secret", "a,b=c d");

    @Test
    void readsPropertiesAndEnvironmentAlike() {
        var environment = new TreeMap<String, String>();
        NEEDED.forEach(
                (name, value) -> environment.put(name.replaceAll("[^a-z]", "_").toUpperCase(Locale.ROOT), value));
        environment.put("BANK_TEST_PAUSE_MAX", "PT0.5S");
        environment.put("PATH", "/usr/bin");

        var fromEnvironment = Settings.fromEnvironment(TestConfig.class, environment);
        var fromProperties = Settings.of(TestConfig.class, NEEDED);

        assertThat(fromEnvironment.port()).isEqualTo(fromProperties.port()).isEqualTo(9001);
        assertThat(fromEnvironment.upstream().clientId()).isEqualTo("test-service");
        assertThat(fromEnvironment.upstream().clientSecret())
                .isEqualTo(fromProperties.upstream().clientSecret())
                .isEqualTo("a,b=c d");
        assertThat(fromEnvironment.pauseMax()).isEqualTo(Duration.ofMillis(500));
        assertThat(fromProperties.pauseMax()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void readsFromTheEnvironmentWhatTheProgramDoesNotMakeItself() {
        var settings = Settings.of(
                TestConfig.class,
                NEEDED,
                Map.of(
                        "BANK_TEST_SHADE",
                        "pitch-black",
                        "BANK_TEST_PARTNERS_ACME_ADDRESS",
                        "acme:1",
                        "BANK_JAVA_OPTS",
                        ""));

        assertThat(settings.port()).isEqualTo(9001);
        assertThat(settings.shade()).isEqualTo(TestConfig.Shade.PITCH_BLACK);
        assertThat(settings.partners().get("acme").address()).isEqualTo("acme:1");
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> Settings.of(
                        TestConfig.class,
                        NEEDED,
                        Map.of("BANK_TEST_PORT", "9001", "BANK_TEST_SHAED", "light", "BANK_TEST_BRIGHT", "perhaps")))
                .satisfies(e -> assertThat(e.problems())
                        .containsExactly(
                                "BANK_TEST_SHAED is no setting: is BANK_TEST_SHADE meant?",
                                "bank.test.port (environment variable BANK_TEST_PORT) is not to be set here:"
                                        + " the program makes it itself",
                                "bank.test.bright (environment variable BANK_TEST_BRIGHT) must be true or false,"
                                        + " is perhaps"));
    }

    @Test
    void secretWithDollarIsTakenAsItIs() {
        var settings = new TreeMap<>(NEEDED);
        settings.put("bank.test.upstream.client-secret", "pa${ss}w$ord\\n");

        assertThat(Settings.of(TestConfig.class, settings).upstream().clientSecret())
                .isEqualTo("pa${ss}w$ord\\n");
    }

    @Test
    void callsHaveTheTimesOfAServiceThatIsNotConfiguredOtherwise() {
        assertThat(CallTimes.of(Settings.of(TestConfig.class, NEEDED))).isEqualTo(CallTimes.DEFAULT);
    }

    @Test
    void emptyPasswordIsNone() {
        var settings = new TreeMap<>(NEEDED);
        settings.put("bank.test.database.password", "");

        assertThat(Settings.of(TestConfig.class, settings).database().password())
                .isEmpty();
    }

    @Test
    void namesEveryMissingSettingAtOnce() {
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> Settings.of(TestConfig.class, Map.of()))
                .satisfies(e -> NEEDED.keySet()
                        .forEach(name -> assertThat(e.problems()).anyMatch(problem -> problem.contains(name))));
    }

    @Test
    void namesMalformedAndMissingSettingsTogether() {
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() ->
                        Settings.of(TestConfig.class, Map.of("bank.test.port", "http", "bank.test.pause-max", "soon")))
                .satisfies(e -> assertThat(e.problems())
                        .anyMatch(problem -> problem.contains("bank.test.port"))
                        .anyMatch(problem -> problem.contains("bank.test.pause-max"))
                        .anyMatch(problem -> problem.contains("bank.test.tokens.issuer")));
    }

    @Test
    void namesSettingsByTheirVariablesAndWhatTheirValuesMustBe() {
        var environment = new TreeMap<String, String>();
        environment.put("BANK_TEST_PORT", "http");
        environment.put("BANK_TEST_LONGEST", "1e3");
        environment.put("BANK_TEST_REQUEST_TIMEOUT", "30s\nor so");
        environment.put("BANK_TEST_SHADE", "dark");
        environment.put("BANK_TEST_BRIGHT", "maybe");
        environment.put("BANK_TEST_DATABASE_CONNECTIONS_MAX", "");
        environment.put("BANK_TEST_DATABASE_USER", "");
        environment.put("BANK_TEST_PAGE", "http://test:hunter2@ page");
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> Settings.fromEnvironment(TestConfig.class, environment))
                .satisfies(e -> assertThat(e.problems())
                        .contains(
                                "bank.test.port (environment variable BANK_TEST_PORT)"
                                        + " must be a whole number in plain digits up to 2147483647, is http",
                                "bank.test.longest (environment variable BANK_TEST_LONGEST)"
                                        + " must be a whole number in plain digits up to 9223372036854775807, is 1e3",
                                "bank.test.request-timeout (environment variable BANK_TEST_REQUEST_TIMEOUT)"
                                        + " must be a duration as PT30S, is 30s?or so",
                                "bank.test.shade (environment variable BANK_TEST_SHADE)"
                                        + " must be one of light, pitch-black, is dark",
                                "bank.test.bright (environment variable BANK_TEST_BRIGHT)"
                                        + " must be true or false, is maybe",
                                "bank.test.database.connections-max"
                                        + " (environment variable BANK_TEST_DATABASE_CONNECTIONS_MAX) is empty",
                                "bank.test.database.user (environment variable BANK_TEST_DATABASE_USER) is empty",
                                "bank.test.page (environment variable BANK_TEST_PAGE) cannot be read",
                                "bank.test.tokens.issuer (environment variable BANK_TEST_TOKENS_ISSUER) is missing")
                        .noneMatch(problem -> problem.contains("hunter2") || problem.contains("SRCFG")));
    }

    @ParameterizedTest
    @CsvSource({"true, true", "YES, true", "on, true", "1, true", "false, false", "No, false", "off, false", "0, false"
    })
    void switchesAreWordsForYesAndNo(String value, boolean on) {
        var settings = new TreeMap<>(NEEDED);
        settings.put("bank.test.bright", value);

        assertThat(Settings.of(TestConfig.class, settings).bright()).isEqualTo(on);
    }

    @Test
    void settingsOfOtherServicesAreNoProblem() {
        var settings = new TreeMap<>(NEEDED);
        settings.put("bank.another.port", "x");

        assertThat(Settings.of(TestConfig.class, settings).port()).isEqualTo(9001);
    }

    @Test
    void unknownNamesWithTheProgramsOwnPrefixAreToldWithTheNearestKnownOne() {
        var settings = new TreeMap<>(NEEDED);
        settings.put("bank.test.pause-maximum", "PT1S");
        settings.put("bank.test.partners.acme-1.address", "acme:1");
        settings.put("bank.test.partners.acme-1.scopes", "rates:read");
        settings.put("bank.test.weather", "fair");
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> Settings.of(TestConfig.class, settings))
                .satisfies(e -> assertThat(e.problems())
                        .containsExactly(
                                "bank.test.partners.acme-1.scopes is no setting:"
                                        + " is bank.test.partners.acme-1.scope meant?",
                                "bank.test.pause-maximum is no setting: is bank.test.pause-max meant?",
                                "bank.test.weather is no setting"));
    }

    @Test
    void unknownVariablesAreToldTogetherWithMissingOnes() {
        var environment = Map.of(
                "BANK_TEST_PARTNERS_ACME_SCOPES", "rates:read",
                "BANK_TEST_PARTNERS_ACME_ADDRESS", "acme:1",
                "BANK_TEST_PARTNERS_MY_ACME_ADDRESS", "acme:1",
                "bank_test_prot", "80");
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> Settings.fromEnvironment(TestConfig.class, environment))
                .satisfies(e -> assertThat(e.problems())
                        .startsWith(
                                "BANK_TEST_PARTNERS_ACME_SCOPES is no setting:"
                                        + " is BANK_TEST_PARTNERS_ACME_SCOPE meant?",
                                "BANK_TEST_PARTNERS_MY_ACME_ADDRESS is no setting",
                                "bank_test_prot is no setting: is BANK_TEST_PORT meant?")
                        .contains("bank.test.port (environment variable BANK_TEST_PORT) is missing")
                        .noneMatch(problem -> problem.contains("rates:read")));
    }

    @Test
    void namesOfOtherProgramsAndEveryFormOfTheOwnAreNoProblem() {
        var environment = new TreeMap<String, String>();
        NEEDED.forEach(
                (name, value) -> environment.put(name.replaceAll("[^a-z]", "_").toUpperCase(Locale.ROOT), value));
        environment.put("BANK_JAVA_HOME", "/opt/jdk");
        environment.put("BANK_TESTS_PORT", "1");
        environment.put("BANK_TEST", "1");
        environment.put("BANK_TEST_COLOURS_0_", "red");
        environment.put("BANK_TEST_COLOURS_1_", "green");
        environment.put("BANK_TEST_PARTNERS_ACME_ADDRESS", "acme:1");
        environment.put("BANK_TEST_PARTNERS__MY_ACME__ADDRESS", "acme:2");

        var settings = Settings.fromEnvironment(TestConfig.class, environment);

        assertThat(settings.colours().orElseThrow()).containsExactly("red", "green");
        assertThat(settings.partners()).hasSize(2);
        var properties = new TreeMap<>(NEEDED);
        properties.put("bank.test.partners.\"my.acme\".address", "acme:2");
        properties.put("bank.test.colours[0]", "red");
        assertThat(Settings.of(TestConfig.class, properties).partners()).containsOnlyKeys("my.acme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:1", "127.0.0.1:65535", "[::1]:80", "a.test:1, b.test:2"})
    void addressesAreHostsWithPorts(String value) {
        Ranges.of("bank.test").addresses("a", value).check();
    }

    @ParameterizedTest
    @ValueSource(strings = {"foo", "foo:", "foo:http", ":80", "foo:65536", "http://foo:80", "foo:1,", "::1:80", ""})
    void whatIsNoAddressIsToldByTheNameOfItsSetting(String value) {
        var bad = Ranges.of("bank.test").addresses("a", value);
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(bad::check)
                .satisfies(e -> assertThat(e.problems())
                        .containsExactly(
                                "bank.test.a must be host:port, or several of these with commas between, is " + value));
    }

    @Test
    void rangesIncludeBothEndsAndAreToldAllAtOnce() {
        var settings = new TreeMap<>(NEEDED);
        settings.put("bank.test.port", "0");
        settings.put("bank.test.database.connections-max", "1000");
        var second = Duration.ofSeconds(1);
        var fits = Ranges.of("bank.test", Settings.of(TestConfig.class, settings));
        fits.within("a", 1, 1, 1).within("b", second, second, second).check();

        settings.put("bank.test.port", "-1");
        settings.put("bank.test.database.connections-max", "1001");
        var bad = Ranges.of("bank.test", Settings.of(TestConfig.class, settings))
                .within("b", second.minusNanos(1), second, second);
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(bad::check)
                .satisfies(e -> assertThat(e.problems())
                        .containsExactly(
                                "bank.test.port: -1 is not within 0 and 65535",
                                "bank.test.database.connections-max: 1001 is not within 1 and 1000",
                                "bank.test.b: PT0.999999999S is not within PT1S and PT1S"));
    }
}
