package bank.platform.events;

import java.security.SecureRandom;
import java.util.UUID;

/// Ids that grow with time (RFC 9562, UUID version 7).
public final class Uuid7 {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MILLIS_SHIFT = 16;
    private static final long VERSION = 0x7000L;
    private static final long RANDOM_12 = 0x0fffL;
    private static final long RANDOM_62 = 0x3fff_ffff_ffff_ffffL;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private Uuid7() {}

    /// A new id of that moment.
    ///
    /// @param millis milliseconds since 1970
    public static UUID at(long millis) {
        return new UUID(
                (millis << MILLIS_SHIFT) | VERSION | (RANDOM.nextLong() & RANDOM_12),
                VARIANT | (RANDOM.nextLong() & RANDOM_62));
    }
}
