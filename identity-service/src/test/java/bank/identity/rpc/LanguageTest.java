package bank.identity.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LanguageTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ru       |                         | RUSSIAN",
                "en       |                         | ENGLISH",
                "fr EN-gb | ru                      | ENGLISH",
                "fr       | ru-RU,en;q=0.5          | RUSSIAN",
                "''       | en-US,en;q=0.9,ru;q=0.8 | ENGLISH",
                "''       | en;q=0.5,ru;q=0.8       | RUSSIAN",
                "''       | fr,ru;q=0               | ENGLISH",
                "''       | fr                      | ENGLISH",
                "''       | rue                     | ENGLISH",
                "''       |                         | RUSSIAN",
                "''       | ;;;                     | RUSSIAN"
            })
    void isWhatTheClientWantsThenWhatTheBrowserWants(String client, String browser, Language wanted) {
        assertThat(Language.of(List.of(client.split(" ")), browser)).isEqualTo(wanted);
    }
}
