package bank.platform.db;

import java.security.SecureRandom;

/// Random keys a service makes for itself once and shares over all its instances.
public final class ServiceSecrets {
    private static final int BYTES = 32;

    private ServiceSecrets() {}

    /// The key of that name, made at its first use: 32 random bytes.
    public static byte[] of(Database database, String name) {
        var fresh = new byte[BYTES];
        new SecureRandom().nextBytes(fresh);
        return database.inTransaction(tx -> {
            tx.sql().createUpdate("""
                            INSERT INTO service_secret (name, value) VALUES (:name, :value)
                            ON CONFLICT (name) DO NOTHING""").bind("name", name).bind("value", fresh).execute();
            return tx.sql()
                    .createQuery("SELECT value FROM service_secret WHERE name = :name")
                    .bind("name", name)
                    .mapTo(byte[].class)
                    .one();
        });
    }
}
