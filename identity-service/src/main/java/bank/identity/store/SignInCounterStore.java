package bank.identity.store;

import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Failed sign-ins, counted by account and by address, registrations, counted by address, and the addresses people sign
/// in from. Accounts and addresses are known by their codes alone.
public final class SignInCounterStore {
    private static final int PURGE_BATCH = 5_000;

    /// What is looked at before an attempt.
    ///
    /// @param account code of the account
    /// @param networks codes of the address and of the networks around it, the narrowest first; none when it is not known
    @SuppressWarnings("ArrayRecordComponent")
    public record Keys(byte[] account, List<byte[]> networks) {
        private byte @Nullable [] network(int place) {
            return place < networks.size() ? networks.get(place) : null;
        }
    }

    /// A pause.
    ///
    /// @param key of the counter that makes it
    /// @param told its first refusal is in the audit log
    @SuppressWarnings("ArrayRecordComponent")
    public record Pause(byte[] key, Instant until, boolean told) {}

    /// How things stand before an attempt.
    ///
    /// @param signedInAt when the account was last signed in to from this address; null when it was not
    /// @param pause the longest running pause that is in the way; null for none
    public record Standing(
            @Nullable Instant signedInAt, @Nullable Pause pause) {}

    /// A counter as an attempt left it.
    ///
    /// @param failures how many it counts, this one too
    /// @param pausedUntil until when it refuses further ones; null when it does not
    public record Claimed(int failures, @Nullable Instant pausedUntil) {}

    /// When counters pause, and how long.
    ///
    /// @param failuresMax failures from which on it does
    /// @param pauseMax longest pause
    public record Limit(int failuresMax, Duration pauseMax) {}

    /// How things stand.
    ///
    /// @param knownAfter since when an address is known for an account
    public Standing standing(Session session, Keys keys, Instant knownAfter, Instant now) {
        return session.sql()
                .createQuery("""
                        SELECT (SELECT a.signed_in_at FROM sign_in_address a
                                WHERE a.account = :account AND a.address = :address
                                  AND a.signed_in_at > :after) AS signed_in_at,
                               pause.key, pause.paused_until, pause.told
                        FROM (SELECT 1) one LEFT JOIN LATERAL (
                            SELECT c.key, c.paused_until, c.refusal_told IS NOT DISTINCT FROM c.paused_until AS told
                            FROM sign_in_counter c
                            WHERE c.key IN (:account, :address, :around, :beyond) AND c.paused_until > :now
                            ORDER BY c.paused_until DESC LIMIT 1) pause ON true""")
                .bind("account", keys.account())
                .bind("address", keys.network(0))
                .bind("around", keys.network(1))
                .bind("beyond", keys.network(2))
                .bind("after", Times.utc(knownAfter))
                .bind("now", Times.utc(now))
                .map((row, context) -> new Standing(Times.readOptional(row, "signed_in_at"), pause(row)))
                .one();
    }

    private static @Nullable Pause pause(ResultSet row) throws SQLException {
        var key = row.getBytes("key");
        return key == null ? null : new Pause(key, Times.read(row, "paused_until"), row.getBoolean("told"));
    }

    /// Notes that the first refusal of a pause is told of.
    ///
    /// @return whether it was not yet
    public boolean tellRefusal(Tx tx, Pause pause) {
        return tx.sql()
                        .createUpdate("""
                                UPDATE sign_in_counter SET refusal_told = paused_until
                                WHERE key = :key AND paused_until = :until
                                  AND refusal_told IS DISTINCT FROM paused_until""")
                        .bind("key", pause.key())
                        .bind("until", Times.utc(pause.until()))
                        .execute()
                == 1;
    }

    /// Until when a counter refuses attempts; empty when it began no pause.
    public Optional<Instant> pausedUntil(Session session, byte[] key) {
        return session.sql()
                .createQuery("SELECT paused_until FROM sign_in_counter WHERE key = :key AND paused_until IS NOT NULL")
                .bind("key", key)
                .map((row, context) -> Times.read(row, "paused_until"))
                .findOne();
    }

    /// Counts an attempt at an account as failed before it is made, and begins the pause its failure brings. Empty, and
    /// nothing is counted, while the counter refuses attempts.
    ///
    /// @param account its code, which is the counter's too
    /// @param forgottenBefore failures so old count no more
    public Optional<Claimed> claim(Tx tx, byte[] account, Limit limit, Instant now, Instant forgottenBefore) {
        return tx.sql()
                .createQuery("""
                        INSERT INTO sign_in_counter AS c (key, account, failures, failed_at)
                        VALUES (:account, :account, 1, :now)
                        ON CONFLICT (key) DO UPDATE SET (failures, failed_at, paused_until) =
                            (SELECT f, greatest(c.failed_at, :now),
                                    CASE WHEN f >= :max THEN CAST(:now AS timestamptz) + make_interval(
                                        secs => least(:longest, power(2, least(f - :max, 30)))) END
                             FROM (SELECT CASE WHEN c.failed_at <= :forgotten THEN 1 ELSE c.failures + 1 END AS f))
                        WHERE c.paused_until IS NULL OR c.paused_until <= :now
                        RETURNING failures, paused_until""")
                .bind("account", account)
                .bind("max", limit.failuresMax())
                .bind("longest", (double) limit.pauseMax().toMillis() / 1_000)
                .bind("now", Times.utc(now))
                .bind("forgotten", Times.utc(forgottenBefore))
                .map((row, context) -> new Claimed(row.getInt("failures"), Times.readOptional(row, "paused_until")))
                .findOne();
    }

    /// Counts an attempt of a network before it is made, and begins the pause it brings. Empty, and nothing is
    /// counted, while the counter refuses attempts. Each whole `fading` makes one forgotten, whatever comes
    /// meanwhile.
    ///
    /// @param now read before others may have counted theirs, so that it may be earlier than the last
    /// @param forgottenBefore attempts so old count no more
    public Optional<Claimed> claimFading(
            Tx tx, byte[] key, Limit limit, Duration fading, Instant now, Instant forgottenBefore) {
        return tx.sql()
                .createQuery("""
                        INSERT INTO sign_in_counter AS c (key, failures, failed_at)
                        VALUES (:key, 1, :now)
                        ON CONFLICT (key) DO UPDATE SET (failures, failed_at, paused_until) =
                            (SELECT n + 1,
                                    CASE WHEN n = 0 THEN greatest(c.failed_at, :now)
                                         ELSE c.failed_at + make_interval(secs => faded * :fading) END,
                                    CASE WHEN n + 1 >= :max THEN CAST(:now AS timestamptz) + make_interval(
                                        secs => least(:longest, power(2, least(n + 1 - :max, 30)))) END
                             FROM (SELECT faded, CASE WHEN c.failed_at <= :forgotten THEN 0
                                                      ELSE greatest(0, c.failures - CAST(faded AS integer)) END AS n
                                   FROM (SELECT greatest(0, floor(extract(epoch FROM
                                             CAST(:now AS timestamptz) - c.failed_at) / :fading)) AS faded)))
                        WHERE c.paused_until IS NULL OR c.paused_until <= :now
                        RETURNING failures, paused_until""")
                .bind("key", key)
                .bind("max", limit.failuresMax())
                .bind("longest", (double) limit.pauseMax().toMillis() / 1_000)
                .bind("fading", (double) fading.toSeconds())
                .bind("now", Times.utc(now))
                .bind("forgotten", Times.utc(forgottenBefore))
                .map((row, context) -> new Claimed(row.getInt("failures"), Times.readOptional(row, "paused_until")))
                .findOne();
    }

    /// Takes back a failure that was none, and the pause it began.
    public void giveBack(Tx tx, byte[] key, Claimed claimed) {
        tx.sql()
                .createUpdate("""
                        UPDATE sign_in_counter
                        SET failures = greatest(failures - 1, 0), paused_until = nullif(paused_until, :mine)
                        WHERE key = :key""")
                .bind("key", key)
                .bindByType("mine", optional(claimed.pausedUntil()), OffsetDateTime.class)
                .execute();
    }

    /// Forgets the failures of a counter.
    public void reset(Tx tx, byte[] key) {
        tx.sql()
                .createUpdate("UPDATE sign_in_counter SET failures = 0, paused_until = NULL WHERE key = :key")
                .bind("key", key)
                .execute();
    }

    /// Remembers that an account was signed in to from an address.
    public void remember(Tx tx, byte[] account, byte[] address, Instant now) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO sign_in_address (account, address, signed_in_at) VALUES (:account, :address, :now)
                        ON CONFLICT (account, address) DO UPDATE SET signed_in_at = excluded.signed_in_at""")
                .bind("account", account)
                .bind("address", address)
                .bind("now", Times.utc(now))
                .execute();
    }

    /// Forgets where an account was signed in to from.
    public void forgetAddresses(Tx tx, byte[] account) {
        tx.sql()
                .createUpdate("DELETE FROM sign_in_address WHERE account = :account")
                .bind("account", account)
                .execute();
    }

    /// Removes some counters whose failures are forgotten.
    ///
    /// @return how many
    public int purgeCounters(Tx tx, Instant forgottenBefore, Instant now) {
        return tx.sql()
                .createUpdate("""
                        DELETE FROM sign_in_counter WHERE key IN (
                            SELECT key FROM sign_in_counter
                            WHERE failed_at <= :forgotten AND (paused_until IS NULL OR paused_until <= :now)
                            LIMIT :batch)""")
                .bind("forgotten", Times.utc(forgottenBefore))
                .bind("now", Times.utc(now))
                .bind("batch", PURGE_BATCH)
                .execute();
    }

    /// Removes some addresses that are no longer known.
    ///
    /// @return how many
    public int purgeAddresses(Tx tx, Instant signedInBefore) {
        return tx.sql()
                .createUpdate("""
                        DELETE FROM sign_in_address WHERE (account, address) IN (
                            SELECT account, address FROM sign_in_address WHERE signed_in_at <= :before LIMIT :batch)""")
                .bind("before", Times.utc(signedInBefore))
                .bind("batch", PURGE_BATCH)
                .execute();
    }

    private static @Nullable OffsetDateTime optional(@Nullable Instant instant) {
        return instant == null ? null : Times.utc(instant);
    }
}
