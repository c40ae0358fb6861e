package bank.identity.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IdentifierTest {
    @ParameterizedTest
    @CsvSource({
        "9434765919, 9434765919",
        "943 476 5919, 9434765919",
        "4010232137, 4010232137",
        "0000000000, 0000000000",
    })
    void acceptsNhsNumbersWhoseCheckDigitHolds(String text, String value) {
        assertThat(Identifier.parse(IdentifierType.NHS, text, false))
                .contains(new Identifier(IdentifierType.NHS, value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9434765918",
                "9434765910",
                "943476591",
                "94347659190",
                "NHS123456789",
                "٩٤٣٤٧٦٥٩١٩",
                "-434765919",
                "1000000200",
            })
    void refusesOtherNhsNumbers(String text) {
        assertThat(Identifier.parse(IdentifierType.NHS, text, false)).isEmpty();
    }

    @Test
    void neverAcceptsAnNhsNumberWhoseCheckWouldBeTen() {
        // The weighted sum of these nine digits is 1 modulo 11, so that no digit can follow them.
        for (var last = 0; last <= 9; last++) {
            assertThat(Identifier.parse(IdentifierType.NHS, "100000001" + last, false))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"AB123456C", "ab 12 34 56 c", "CE000000A", "ZA999999D"})
    void acceptsNationalInsuranceNumbers(String text) {
        assertThat(Identifier.parse(IdentifierType.NIN, text, false)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BG123456A", "GB123456A", "KN123456A", "NK123456A", "NT123456A", "TN123456A", "ZZ123456A",
                "DA123456A", "AD123456A", "QA123456A", "AO123456A", "UA123456A", "AV123456A", "FI123456A",
                "AB123456E", "AB12345C", "AB1234567C", "AB123456", "А" + "B123456C",
            })
    void refusesOtherNationalInsuranceNumbers(String text) {
        assertThat(Identifier.parse(IdentifierType.NIN, text, true)).isEmpty();
    }

    @Test
    void acceptsTheSamplesInTheSandboxOnly() {
        assertThat(Identifier.parse(IdentifierType.NHS, "NHS123456789", true)).isPresent();
        assertThat(Identifier.parse(IdentifierType.NHS, "NHS123456789", false)).isEmpty();
        assertThat(Identifier.parse(IdentifierType.NIN, "NHS123456789", true)).isEmpty();
        assertThat(Identifier.parse(IdentifierType.NIN, "AB123456C", true)).isPresent();
        assertThat(Identifier.parse(IdentifierType.NHS, "AB123456C", true)).isEmpty();
    }
}
