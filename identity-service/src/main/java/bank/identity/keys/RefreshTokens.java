package bank.identity.keys;

import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Refresh tokens: base64url of session id (16 bytes), generation (8) and HMAC-SHA-256 tag (32) by a
/// secret of the session. So a token can be made again, and no token needs to be kept.
public final class RefreshTokens {
    private static final int ID_BYTES = 16;
    private static final int TAG_BYTES = 32;
    private static final int BYTES = ID_BYTES + Long.BYTES + TAG_BYTES;
    private static final int SECRET_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final Vault vault;

    /// @param vault seals the sessions' secrets
    public RefreshTokens(Vault vault) {
        this.vault = vault;
    }

    /// What a refresh token says, not yet believed.
    public static final class Claim {
        private final UUID session;
        private final long generation;
        private final byte[] tag;

        private Claim(UUID session, long generation, byte[] tag) {
            this.session = session;
            this.generation = generation;
            this.tag = tag;
        }

        /// Session it belongs to.
        public UUID session() {
            return session;
        }

        /// Which of the session's tokens it is, from 1.
        public long generation() {
            return generation;
        }
    }

    /// Makes the secret of a new session, sealed as it is stored.
    public byte[] newSecret(UUID session) {
        var secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return vault.seal(secret, purpose(session));
    }

    /// The token of a session and generation.
    ///
    /// @param secret the session's secret as it is stored
    public String token(UUID session, long generation, byte[] secret) {
        var named = ByteBuffer.allocate(BYTES)
                .putLong(session.getMostSignificantBits())
                .putLong(session.getLeastSignificantBits())
                .putLong(generation);
        return encoded(named.put(tag(session, generation, secret)).array());
    }

    /// Reads a token; empty when it has not the form of one. A token has one spelling: the bits its last
    /// letter leaves unused are zero.
    public Optional<Claim> read(String token) {
        try {
            var bytes = Base64.getUrlDecoder().decode(token);
            if (bytes.length != BYTES || !encoded(bytes).equals(token)) {
                return Optional.empty();
            }
            var buffer = ByteBuffer.wrap(bytes);
            return Optional.of(new Claim(
                    new UUID(buffer.getLong(), buffer.getLong()),
                    buffer.getLong(),
                    Arrays.copyOfRange(bytes, ID_BYTES + Long.BYTES, BYTES)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The token was made here for that session.
    ///
    /// @param secret the session's secret as it is stored
    public boolean genuine(Claim claim, byte[] secret) {
        return MessageDigest.isEqual(tag(claim.session(), claim.generation(), secret), claim.tag);
    }

    private byte[] tag(UUID session, long generation, byte[] secret) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(vault.open(secret, purpose(session)), "HmacSHA256"));
            return mac.doFinal(ByteBuffer.allocate(ID_BYTES + Long.BYTES)
                    .putLong(session.getMostSignificantBits())
                    .putLong(session.getLeastSignificantBits())
                    .putLong(generation)
                    .array());
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    private static String encoded(byte[] token) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    private static String purpose(UUID session) {
        return "session/" + session;
    }
}
