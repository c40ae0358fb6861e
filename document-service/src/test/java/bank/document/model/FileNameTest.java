package bank.document.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.text.Normalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "contract.pdf", "Договор аренды.pdf", "скан №1 (копия).tiff", "..a", "🙂.png"})
    void takesNamesInAnyScript(String name) {
        assertThat(FileName.of(name).value()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\t",
                ".",
                "..",
                "a/b.pdf",
                "../../etc/passwd",
                "C:\\scans\\a.pdf",
                "\\a",
                "a\nb.pdf",
                "a\0.pdf",
                "a\u007f.pdf",
                "a\u0085.pdf",
                "a\u2028.pdf",
                "fdp.\u202eexe",
                "a\u2066b.pdf"
            })
    void refusesNamesThatMislead(String name) {
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(() -> FileName.of(name))
                .satisfies(e -> assertThat(e.failure()).isInstanceOf(DocumentFailure.InvalidFileName.class));
    }

    @Test
    void countsCharactersUpToTheLimit() {
        assertThat(FileName.of("ж".repeat(255)).value()).hasSize(255);
        assertThat(FileName.of("🙂".repeat(255)).value()).hasSize(510);
        assertThatExceptionOfType(DocumentException.class).isThrownBy(() -> FileName.of("ж".repeat(256)));
    }

    @Test
    void composesLettersAsMacsDecomposeThem() {
        var name = "Й.pdf";
        assertThat(FileName.of(Normalizer.normalize(name, Normalizer.Form.NFD)).value())
                .isEqualTo(name);
    }
}
