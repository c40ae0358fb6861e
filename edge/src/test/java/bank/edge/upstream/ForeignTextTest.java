package bank.edge.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ForeignTextTest {
    @Test
    void leavesWhatPrints() {
        assertThat(ForeignText.of("полка 7: \"out of order\" 😀 €")).isEqualTo("полка 7: \"out of order\" 😀 €");
        assertThat(ForeignText.of("")).isEmpty();
    }

    @Test
    void endsNoLineAndMovesNoCursor() {
        assertThat(ForeignText.of("a\nERROR b\r\n\tc\\n")).isEqualTo("a\\nERROR b\\r\\n\\tc\\\\n");
        assertThat(ForeignText.of("\u001b[31m\u0000\u007f\u0085\u2028\u2029\u202e\ufeff"))
                .isEqualTo("\\u{1b}[31m\\u{0}\\u{7f}\\u{85}\\u{2028}\\u{2029}\\u{202e}\\u{feff}");
        assertThat(ForeignText.of("\ud83d")).isEqualTo("\\u{d83d}");
    }

    @Test
    void isCutWhereItIsTooLong() {
        var longest = "x".repeat(ForeignText.LENGTH_MAX);
        assertThat(ForeignText.of(longest)).isEqualTo(longest);
        assertThat(ForeignText.of(longest + "y")).isEqualTo(longest + "…");
    }
}
