package bank.identity.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RefreshTokensTest {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final UUID SESSION = UUID.fromString("0193e7a4-0000-7000-8000-000000000001");

    private final RefreshTokens tokens = new RefreshTokens(new Vault(new byte[Vault.KEY_BYTES]));
    private final byte[] secret = tokens.newSecret(SESSION);

    @Test
    void makesTheSameTokenAgain() {
        assertThat(tokens.token(SESSION, 7, secret)).isEqualTo(tokens.token(SESSION, 7, secret));
        assertThat(tokens.token(SESSION, 7, secret)).isNotEqualTo(tokens.token(SESSION, 8, secret));
        assertThat(tokens.token(SESSION, 7, secret)).isNotEqualTo(tokens.token(SESSION, 7, tokens.newSecret(SESSION)));
    }

    @Test
    void believesNoChangedToken() {
        var token = tokens.token(SESSION, 7, secret);
        var claim = tokens.read(token).orElseThrow();
        assertThat(claim.session()).isEqualTo(SESSION);
        assertThat(claim.generation()).isEqualTo(7);
        assertThat(tokens.genuine(claim, secret)).isTrue();
        for (var i = 0; i < token.length(); i++) {
            var changed = token.substring(0, i) + (token.charAt(i) == 'A' ? 'B' : 'A') + token.substring(i + 1);
            assertThat(tokens.read(changed)
                            .filter(read -> read.session().equals(SESSION))
                            .filter(read -> read.generation() == 7)
                            .filter(read -> tokens.genuine(read, secret)))
                    .as("changed at " + i)
                    .isEmpty();
        }
    }

    @Test
    void readsNoOtherSpellingOfTheSameBytes() {
        var token = tokens.token(SESSION, 7, secret);
        var spelled = Base64.getUrlDecoder().decode(token);
        var others = ALPHABET.chars()
                .mapToObj(last -> token.substring(0, token.length() - 1) + (char) last)
                .filter(other -> !other.equals(token))
                .filter(other -> Arrays.equals(Base64.getUrlDecoder().decode(other), spelled))
                .toList();
        assertThat(others).hasSize(3);
        assertThat(others).allSatisfy(other -> assertThat(tokens.read(other)).isEmpty());
        assertThat(tokens.read(token + "=")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "…", "AAAA", "eyJhbGciOiJub25lIn0.e30."})
    void readsNothingElse(String text) {
        assertThat(tokens.read(text)).isEmpty();
    }
}
