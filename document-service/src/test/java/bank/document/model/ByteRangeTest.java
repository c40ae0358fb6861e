package bank.document.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 0",
        "bytes=0-99, 0, 99",
        "bytes=0-100, 0, 99",
        "bytes=99-99, 99, 99",
        "bytes=50-, 50, 99",
        "bytes=-1, 99, 99",
        "bytes=-100, 0, 99",
        "bytes=-101, 0, 99",
        "bytes=5-99999999999999999999999, 5, 99",
        "Bytes= 1-2 , 1, 2"
    })
    void readsSingleRangesOfAHundredBytes(String header, long first, long last) {
        assertThat(ByteRange.parse(header, 100)).contains(new ByteRange(first, last));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bytes", "bytes=", "bytes=-", "bytes=2-1", "bytes=a-b", "lines=1-2", "bytes=0-1,3-4"})
    void ignoresMalformedAndSeveralRanges(String header) {
        assertThat(ByteRange.parse(header, 100)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999999-"})
    void refusesRangesOutsideOfTheContent(String header) {
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(() -> ByteRange.parse(header, 100))
                .satisfies(e -> assertThat(e.failure()).isEqualTo(new DocumentFailure.RangeUnsatisfiable(100)));
    }
}
