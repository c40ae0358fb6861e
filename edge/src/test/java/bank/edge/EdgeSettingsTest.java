package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.platform.config.InvalidSettingsException;
import bank.platform.config.Settings;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EdgeSettingsTest {
    private static final String PREFIX = "bank.edge.";
    private static final Set<Class<?>> NUMBERS = Set.of(int.class, long.class, OptionalInt.class, OptionalLong.class);

    private static void check(Map<String, String> settings) {
        var all = new TreeMap<>(Map.of(
                "bank.edge.upstreams.identity", "identity:1",
                "bank.edge.upstreams.document", "document:2",
                "bank.edge.upstreams.contract", "contract:3",
                "bank.edge.upstreams.registry", "registry:4",
                "bank.edge.tokens.issuer", "https://bank.test"));
        all.putAll(settings);
        EdgeSettings.check(Settings.of(EdgeConfig.class, all));
    }

    @ParameterizedTest
    @CsvSource({
        "port, 0, -1, 65535, 65536",
        "json-bytes-max, 1, 0, 67108864, 67108865",
        "held-bytes-max, 16777216, 16777215, 1099511627776, 1099511627777",
        "upload-bytes-max, 1, 0, 2199023255552, 2199023255553",
        "batch-upload-bytes-max, 1, 0, 2199023255552, 2199023255553",
        "stream-bytes-max, 1, 0, 2199023255552, 2199023255553",
        "stream-heartbeat, PT0.1S, PT0.099S, PT10M, PT10M0.001S",
        "stream-retry, PT0S, PT-0.001S, PT1H, PT1H0.001S",
        "request-timeout, PT0.001S, PT0S, PT2M, PT25H",
        "request-timeout-max, PT30S, PT29S, P1D, PT24H0.001S",
        "transfer-timeout, PT0.001S, PT0S, P1D, PT24H0.001S",
        "drain-quiet, PT0S, PT-0.001S, PT5M, PT5M0.001S",
        "versions-pause, PT0.001S, PT0S, P1D, PT24H0.001S",
        "upstream.connect-timeout, PT0.01S, PT0.009S, PT1M, PT1M0.001S",
        "upstream.ping-interval, PT10S, PT9.999S, PT1H, PT1H1S",
        "upstream.attempts-max, 1, 0, 10, 11",
        "upstream.circuit-failures, 1, 0, 1000, 1001",
        "upstream.circuit-open, PT0.1S, PT0.099S, PT10M, PT10M1S",
        "upstream.silence-counted, PT0.1S, PT0.099S, PT10M, PT10M0.001S",
        "upstream.metadata-bytes-max, 4096, 4095, 1048576, 1048577",
        "upstream.stranger-bytes-max, 1024, 1023, 8388608, 8388609",
        "connections.max, 1, 0, 1000000, 1000001",
        "connections.streams-max, 1, 0, 10000, 10001",
        "connections.idle-max, PT1S, PT0.999S, PT1H, PT1H0.001S",
        "connections.stall-max, PT1S, PT0.999S, PT1H, PT1H0.001S",
        "connections.header-bytes-max, 1024, 1023, 1048576, 1048577",
        "rates.caller-per-minute, 0, -1, 1000000000, 1000000001",
        "rates.address-per-minute, 0, -1, 1000000000, 1000000001",
        "rates.remembered-max, 1, 0, 10000000, 10000001",
        "compression.bytes-min, 1, 0, 16777216, 16777217",
        "cors.max-age, PT0S, PT-0.001S, P1D, PT24H0.001S",
        "tls.reload-pause, PT0.1S, PT0.099S, P1D, PT24H0.001S",
        "metrics.port, 0, -1, 65535, 65536",
    })
    void areCheckedAgainstTheirRanges(String name, String least, String less, String most, String more) {
        check(Map.of(PREFIX + name, least));
        check(Map.of(PREFIX + name, most));
        for (String outside : new String[] {less, more}) {
            assertThatThrownBy(() -> check(Map.of(PREFIX + name, outside)))
                    .isInstanceOf(InvalidSettingsException.class)
                    .hasMessageMatching("invalid settings: (.*; )?" + PREFIX.replace(".", "\\.")
                            + name.replace(".", "\\.") + ": \\S+ is not within \\S+ and [^;]+(; .*)?");
        }
    }

    @Test
    void listAddressesAndOriginsThatCanMatchNothingWithTheRanges() {
        assertThatThrownBy(() -> check(Map.of(
                        "bank.edge.upstreams.identity", "foo",
                        "bank.edge.services.rates.descriptors", "rates.binpb",
                        "bank.edge.services.rates.address", "rates",
                        "bank.edge.cors.origins", "https://a.test,app.test",
                        "bank.edge.port", "-1")))
                .isInstanceOfSatisfying(
                        InvalidSettingsException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "bank.edge.port: -1 is not within 0 and 65535",
                                        "bank.edge.upstreams.identity must be host:port,"
                                                + " or several of these with commas between, is foo",
                                        "bank.edge.services.rates.address must be host:port,"
                                                + " or several of these with commas between, is rates",
                                        "bank.edge.cors.origins must be * or origins as https://app.test"
                                                + " or https://app.test:8443, has app.test"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*", "https://app.test", "HTTP://localhost:8080", "https://[::1]:8443", "capacitor://localhost"})
    void takeOriginsAsBrowsersNameThem(String origin) {
        check(Map.of("bank.edge.cors.origins", origin));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app.test",
                "//app.test",
                "https://",
                "https://app.test/",
                "https://*.app.test",
                "https://app.test:443",
                "http://app.test:80",
                "null"
            })
    void refuseOriginsThatCanMatchNothing(String origin) {
        assertThatThrownBy(() -> check(Map.of("bank.edge.cors.origins", origin)))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("bank.edge.cors.origins must be ")
                .hasMessageEndingWith("has " + origin);
    }

    @Test
    void haveRangesWhereverTheyAreNumbersOrTimes() {
        Map<String, Class<?>> settings =
                numbersAndTimes("", EdgeConfig.class).collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        var below = new TreeMap<String, String>();
        settings.forEach((name, type) -> below.put(PREFIX + name, type == Duration.class ? "PT-1S" : "-1"));

        assertThat(settings).hasSizeGreaterThan(25);
        assertThatThrownBy(() -> check(below))
                .isInstanceOfSatisfying(
                        InvalidSettingsException.class,
                        e -> assertThat(e.problems())
                                .extracting(problem -> problem.substring(PREFIX.length(), problem.indexOf(": ")))
                                .containsExactlyInAnyOrderElementsOf(settings.keySet().stream()
                                        // Its least is the request timeout, which is as low here.
                                        .filter(name -> !name.equals("request-timeout-max"))
                                        .toList()));
    }

    private static Stream<Map.Entry<String, Class<?>>> numbersAndTimes(String prefix, Class<?> settings) {
        return Arrays.stream(settings.getMethods()).flatMap(method -> {
            Class<?> type = method.getReturnType();
            String name = prefix + name(method);
            return NUMBERS.contains(type) || type == Duration.class
                    ? Stream.of(Map.entry(name, type))
                    : type.getName().endsWith("Config") ? numbersAndTimes(name + ".", type) : Stream.of();
        });
    }

    /// `headerBytesMax` is `header-bytes-max`.
    private static String name(Method method) {
        return method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
    }
}
