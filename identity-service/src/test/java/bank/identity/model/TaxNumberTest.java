package bank.identity.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaxNumberTest {
    @ParameterizedTest
    @ValueSource(strings = {"7707083893", "7736050003", "500100732259", "773173084809"})
    void takesNumbersWhoseCheckDigitsHold(String text) {
        assertThat(TaxNumber.parse(text)).contains(new TaxNumber(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7707083894",
                "500100732258",
                "500100732249",
                "770708389",
                "77070838931",
                "5001007322590",
                "0000000000",
                "000000000000",
                "770708389З",
                "٧٧٠٧٠٨٣٨٩٣",
                " 7707083893",
            })
    void refusesOthers(String text) {
        assertThat(TaxNumber.parse(text)).isEmpty();
    }
}
