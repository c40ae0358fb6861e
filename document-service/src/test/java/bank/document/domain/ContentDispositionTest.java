package bank.document.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentDispositionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "contract.pdf | attachment; filename=\"contract.pdf\"; filename*=UTF-8''contract.pdf",
                "a b.pdf | attachment; filename=\"a b.pdf\"; filename*=UTF-8''a%20b.pdf",
                "№1.pdf | attachment; filename=\"_1.pdf\"; filename*=UTF-8''%E2%84%961.pdf",
                "Я.pdf | attachment; filename=\"_.pdf\"; filename*=UTF-8''%D0%AF.pdf",
                "a\"b%.pdf | attachment; filename=\"a_b_.pdf\"; filename*=UTF-8''a%22b%25.pdf"
            })
    void writesNamesInAnyScript(String name, String header) {
        assertThat(ContentDisposition.attachment(name)).isEqualTo(header);
    }
}
