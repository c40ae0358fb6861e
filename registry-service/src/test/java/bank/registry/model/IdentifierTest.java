package bank.registry.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentifierTest {
    @ParameterizedTest
    @CsvSource({
        "NIN, AB123456C, AB123456C",
        "NIN, ab 12 34 56 c, AB123456C",
        "NIN, ZY999999D, ZY999999D",
        "NHS, 9434765919, 9434765919",
        "NHS, 943 476 5919, 9434765919",
        "NHS, 9991000011, 9991000011",
        "NHS, nhs123456789, NHS123456789"
    })
    void readsWellFormedIdentifiers(IdentifierType type, String text, String value) {
        assertThat(Identifier.parse(type, text)).contains(new Identifier(type, value));
    }

    @ParameterizedTest
    @CsvSource({
        "NIN, ''",
        "NIN, AB12345C",
        "NIN, AB1234567C",
        "NIN, AB123456E",
        "NIN, GB123456A",
        "NIN, DA123456A",
        "NIN, AO123456A",
        "NIN, 9434765919",
        "NIN, NHS123456789",
        "NHS, 9434765918",
        "NHS, 943476591",
        "NHS, 94347659190",
        "NHS, AB123456C",
        "NHS, NHS123456788",
        // Weights give 10, which no number ends in.
        "NHS, 0000000060",
        "NHS, ٩٤٣٤٧٦٥٩١٩"
    })
    void knowsThatNoRegistryHasOthers(IdentifierType type, String text) {
        assertThat(Identifier.parse(type, text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"NIN, AB123456C, true", "NHS, NHS123456789, true", "NIN, AB654321A, false", "NHS, 9434765919, false"})
    void tellsTheSamplesOfTheOriginal(IdentifierType type, String value, boolean sample) {
        assertThat(new Identifier(type, value).sample()).isEqualTo(sample);
    }

    @Test
    void tellsNoLogWhatItIs() {
        assertThat(new Identifier(IdentifierType.NIN, "AB123456C")).hasToString("NIN …56C");
    }
}
