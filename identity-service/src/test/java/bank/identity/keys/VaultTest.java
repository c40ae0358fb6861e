package bank.identity.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class VaultTest {
    private static final byte[] SECRET = "секрет".getBytes(StandardCharsets.UTF_8);

    private final Vault vault = new Vault(new byte[Vault.KEY_BYTES]);

    @Test
    void opensWhatItSealed() {
        var sealed = vault.seal(SECRET, "purpose");
        assertThat(vault.open(sealed, "purpose")).isEqualTo(SECRET);
        assertThat(sealed).isNotEqualTo(vault.seal(SECRET, "purpose"));
    }

    @Test
    void opensForNoOtherPurposeOrKeyAndNothingChanged() {
        var sealed = vault.seal(SECRET, "purpose");
        assertThatThrownBy(() -> vault.open(sealed, "other")).isInstanceOf(VaultException.class);
        var otherKey = new byte[Vault.KEY_BYTES];
        otherKey[0] = 1;
        assertThatThrownBy(() -> new Vault(otherKey).open(sealed, "purpose")).isInstanceOf(VaultException.class);
        for (var i = 0; i < sealed.length; i++) {
            var changed = sealed.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> vault.open(changed, "purpose")).isInstanceOf(VaultException.class);
        }
        assertThatThrownBy(() -> vault.open(new byte[0], "purpose")).isInstanceOf(VaultException.class);
    }

    @Test
    void takesKeysOf32BytesOnly() {
        assertThatThrownBy(() -> new Vault(new byte[31])).isInstanceOf(IllegalArgumentException.class);
    }
}
