package bank.identity.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
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
    void opensWhatItsKeyAloneSealedBefore() throws Exception {
        var before = sealedBefore("purpose/7");
        assertThat(vault.open(before, "purpose/7")).isEqualTo(SECRET);
        assertThatThrownBy(() -> vault.open(before, "purpose/8")).isInstanceOf(VaultException.class);
        before[0] = 2;
        assertThatThrownBy(() -> vault.open(before, "purpose/7")).isInstanceOf(VaultException.class);
    }

    @Test
    void sealsEachKindOfPurposeByAKeyOfItsOwn() throws Exception {
        for (var kind : List.of("session", "signing-key")) {
            var sealed = vault.seal(SECRET, kind + "/7");
            assertThat(sealed[0]).isEqualTo((byte) 2);
            var own = hmac(new byte[Vault.KEY_BYTES], "seal/" + kind);
            assertThat(opened(own, sealed, kind + "/7")).isEqualTo(SECRET);
        }
        assertThatThrownBy(() -> opened(new byte[Vault.KEY_BYTES], vault.seal(SECRET, "session/7"), "session/7"))
                .isInstanceOf(AEADBadTagException.class);
    }

    private static byte[] sealedBefore(String purpose) throws GeneralSecurityException {
        var nonce = new byte[12];
        var cipher = cipher(Cipher.ENCRYPT_MODE, new byte[Vault.KEY_BYTES], nonce, purpose);
        var sealed = cipher.doFinal(SECRET);
        return ByteBuffer.allocate(13 + sealed.length)
                .put((byte) 1)
                .put(nonce)
                .put(sealed)
                .array();
    }

    private static byte[] opened(byte[] key, byte[] sealed, String purpose) throws GeneralSecurityException {
        return cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOfRange(sealed, 1, 13), purpose)
                .doFinal(sealed, 13, sealed.length - 13);
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, String purpose) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
        cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void takesKeysOf32BytesOnly() {
        assertThatThrownBy(() -> new Vault(new byte[31])).isInstanceOf(IllegalArgumentException.class);
    }
}
