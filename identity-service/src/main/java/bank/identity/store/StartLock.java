package bank.identity.store;

import bank.platform.db.Tx;

/// Lets one instance at a time make what the first start makes.
public final class StartLock {
    private static final long LOCK = 0x6964656e74697479L;

    private StartLock() {}

    /// Holds the lock until the transaction ends.
    public static void hold(Tx tx) {
        tx.sql()
                .createQuery("SELECT pg_advisory_xact_lock(:lock)")
                .bind("lock", LOCK)
                .map((row, context) -> LOCK)
                .one();
    }
}
