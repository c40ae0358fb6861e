package bank.platform.idempotency;

import bank.platform.auth.Principal;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import bank.platform.grpc.Call;
import bank.platform.grpc.Headers;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Runs each mutation in one transaction with its idempotency key and its dry run: the key is written
/// in the transaction of the work itself, so that either both stand or neither does.
public final class Mutations {
    /// How long an answer is kept for repeats.
    public static final Duration KEPT = Duration.ofHours(24);

    private static final int PURGE_BATCH = 5_000;

    // Holds a space, which no key does.
    private static final String PART = " #";
    private static final String MALFORMED = "KEY_MALFORMED";
    private static final String IN_USE = "KEY_IN_USE";
    private static final String REUSED = "KEY_REUSED";
    private static final Set<String> KEY_REASONS = Set.of(MALFORMED, IN_USE, REUSED);
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final Database database;
    private final Clock clock;

    /// @param clock tells when kept answers end
    public Mutations(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Runs the work of the running call, or answers as the first time when its key is known.
    ///
    /// @param request what makes two requests the same
    /// @param prototype default instance of the answer
    /// @param work does the work; its answer is kept, so it may hold no secret
    /// @throws bank.platform.failure.FailureException KEY_REUSED, KEY_IN_USE
    public <A extends Message> A run(Message request, A prototype, Function<Tx, A> work) {
        return run(Repeat.of(request), prototype, work);
    }

    /// The same with a repeat made by hand, for uploads and parts of a batch.
    public <A extends Message> A run(Repeat repeat, A prototype, Function<Tx, A> work) {
        var call = Call.current();
        var key = key(call, repeat);
        var dryRun = call.validateOnly();
        return database.inTransaction(tx -> {
            if (key != null) {
                lock(tx, key);
                var known = find(tx, key, prototype);
                if (known.isPresent()) {
                    tellReplayed(call, repeat);
                    return known.get();
                }
            }
            var answer = work.apply(tx);
            if (dryRun) {
                tx.rollbackAtEnd();
            } else if (key != null) {
                keep(tx, key, answer);
            }
            return answer;
        });
    }

    /// The kept answer to a repeat, if there is one: lets a call skip work that is not in the
    /// transaction, such as storing content or asking another service.
    public <A extends Message> Optional<A> replay(Repeat repeat, A prototype) {
        var call = Call.current();
        var key = key(call, repeat);
        if (key == null) {
            return Optional.empty();
        }
        var known = database.inTransaction(tx -> {
            lock(tx, key);
            return find(tx, key, prototype);
        });
        known.ifPresent(answer -> tellReplayed(call, repeat));
        return known;
    }

    /// Ties the key of the running call to a request of several parts, so that no other request may use it: to be
    /// called in the transaction of each part that succeeds.
    ///
    /// @throws bank.platform.failure.FailureException KEY_REUSED, KEY_IN_USE
    public void tie(Tx tx, Repeat whole) {
        var key = key(Call.current(), whole);
        if (key != null) {
            lock(tx, key);
            if (find(tx, key, Empty.getDefaultInstance()).isEmpty()) {
                keep(tx, key, Empty.getDefaultInstance());
            }
        }
    }

    /// Keeps the answer to a request of several parts, whose key is tied to it, for repeats.
    ///
    /// @param answer may not be of no bytes, which stands for none
    /// @throws bank.platform.failure.FailureException KEY_REUSED, KEY_IN_USE
    public void keep(Repeat whole, Message answer) {
        var call = Call.current();
        var key = key(call, whole);
        if (key != null && !call.validateOnly()) {
            database.inTransaction(tx -> {
                lock(tx, key);
                find(tx, key, Empty.getDefaultInstance());
                keep(tx, key, answer);
                return key;
            });
        }
    }

    /// The kept answer to a repeat of a request of several parts, if there is one.
    ///
    /// @throws bank.platform.failure.FailureException KEY_REUSED when the key is tied to another, KEY_IN_USE
    public <A extends Message> Optional<A> replayWhole(Repeat whole, A prototype) {
        var known = replay(whole, prototype).filter(answer -> answer.getSerializedSize() > 0);
        known.ifPresent(answer -> Call.current().answer(Headers.IDEMPOTENCY_REPLAYED, "true"));
        return known;
    }

    /// A failure that concerns the key of a call, and so the call as a whole.
    public static boolean concernsKey(RuntimeException failure) {
        return failure instanceof FailureException known
                && KEY_REASONS.contains(known.failure().reason());
    }

    // Whether a call of several parts is a replay, its rpc must say.
    private static void tellReplayed(Call call, Repeat repeat) {
        if (repeat.part().isEmpty()) {
            call.answer(Headers.IDEMPOTENCY_REPLAYED, "true");
        }
    }

    /// Drops the answers kept long enough, so many in a transaction that each is soon done.
    public void purge() {
        var before = now().minus(KEPT);
        int purged;
        do {
            purged = database.inTransaction(tx -> purge(tx, before));
        } while (purged == PURGE_BATCH);
    }

    private static int purge(Tx tx, OffsetDateTime before) {
        // One that is kept anew meanwhile stays.
        return tx.sql()
                .createUpdate("""
                        DELETE FROM idempotency_key WHERE created_at < :before AND (caller, rpc, key) IN (
                            SELECT caller, rpc, key FROM idempotency_key
                            WHERE created_at < :before ORDER BY created_at LIMIT :limit)""")
                .bind("before", before)
                .bind("limit", PURGE_BATCH)
                .execute();
    }

    private record Key(String caller, String rpc, String value, HashCode requestHash) {}

    private static @Nullable Key key(Call call, Repeat repeat) {
        var value = call.soleHeader(Headers.IDEMPOTENCY_KEY);
        if (value == null || call.principal() instanceof Principal.Anonymous) {
            return null;
        }
        if (!KEY.matcher(value).matches()) {
            throw Failure.invalid(MALFORMED, "idempotency-key", "1 to 255 printable ASCII characters")
                    .exception();
        }
        var named = repeat.part().isEmpty() ? value : value + PART + repeat.part();
        return new Key(call.principal().name(), call.rpc(), named, repeat.hash());
    }

    private static void lock(Tx tx, Key key) {
        var lock = Hashing.sha256()
                .hashString(key.caller() + "\0" + key.rpc() + "\0" + key.value(), StandardCharsets.UTF_8)
                .asLong();
        var locked = tx.sql()
                .createQuery("SELECT pg_try_advisory_xact_lock(:lock)")
                .bind("lock", lock)
                .mapTo(Boolean.class)
                .one();
        if (!locked) {
            throw Failure.of(
                            Status.Code.ABORTED,
                            IN_USE,
                            "a request with this idempotency key is still running: repeat a little later")
                    .retryAfter(Duration.ofSeconds(1))
                    .exception();
        }
    }

    private <A extends Message> Optional<A> find(Tx tx, Key key, A prototype) {
        return tx.sql()
                .createQuery("""
                        SELECT request_hash, response FROM idempotency_key
                        WHERE caller = :caller AND rpc = :rpc AND key = :key AND created_at >= :after""")
                .bind("caller", key.caller())
                .bind("rpc", key.rpc())
                .bind("key", key.value())
                .bind("after", now().minus(KEPT))
                .map((row, context) -> {
                    if (!MessageDigest.isEqual(
                            row.getBytes("request_hash"), key.requestHash().asBytes())) {
                        throw Failure.invalid(
                                        REUSED,
                                        "idempotency-key",
                                        "this key was used with another request: take a new one")
                                .exception();
                    }
                    return parse(prototype, row.getBytes("response"));
                })
                .findOne();
    }

    private void keep(Tx tx, Key key, Message answer) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO idempotency_key (caller, rpc, key, request_hash, response, created_at)
                        VALUES (:caller, :rpc, :key, :hash, :response, :now)
                        ON CONFLICT (caller, rpc, key) DO UPDATE
                        SET request_hash = excluded.request_hash, response = excluded.response,
                            created_at = excluded.created_at""")
                .bind("caller", key.caller())
                .bind("rpc", key.rpc())
                .bind("key", key.value())
                .bind("hash", key.requestHash().asBytes())
                .bind("response", answer.toByteArray())
                .bind("now", now())
                .execute();
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    @SuppressWarnings("unchecked")
    private static <A extends Message> A parse(A prototype, byte[] bytes) {
        try {
            return (A) prototype.getParserForType().parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("kept answer of another type", e);
        }
    }
}
