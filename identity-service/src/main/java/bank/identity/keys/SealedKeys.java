package bank.identity.keys;

import bank.identity.model.SigningKeyState;
import bank.identity.store.SigningKeyStore.Stored;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;

/// Signing keys as they are stored: the private half sealed by the vault.
public final class SealedKeys {
    private static final int RSA_BITS = 2_048;

    private final Vault vault;

    /// @param vault seals
    public SealedKeys(Vault vault) {
        this.vault = vault;
    }

    /// A new key.
    public Stored generate(SigningKeyState state) {
        try {
            var key = new RSAKeyGenerator(RSA_BITS)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.PS256)
                    .keyIDFromThumbprint(true)
                    .generate();
            return new Stored(
                    key.getKeyID(),
                    state,
                    key.toPublicJWK().toJSONString(),
                    vault.seal(key.toJSONString().getBytes(StandardCharsets.UTF_8), purpose(key.getKeyID())));
        } catch (JOSEException e) {
            throw new IllegalStateException("no RSA key could be made", e);
        }
    }

    /// A key with its private half.
    ///
    /// @throws VaultException when it was sealed by another key-encryption key
    public RSAKey open(Stored key) {
        try {
            return RSAKey.parse(new String(vault.open(key.privateJwk(), purpose(key.kid())), StandardCharsets.UTF_8));
        } catch (ParseException e) {
            throw new IllegalStateException("a stored signing key is no JWK", e);
        }
    }

    private static String purpose(String kid) {
        return "signing-key/" + kid;
    }
}
