package bank.identity.password;

import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.Password;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// Makes and checks Argon2id hashes, a bounded number at once, for each holds megabytes and a core.
public final class PasswordHasher {
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final HashCost cost;
    private final Semaphore slots;
    private final Supplier<Duration> patience;
    private final PasswordHash decoy;
    private final HashMemory.Idle memories;

    /// @param cost what new hashes cost
    /// @param concurrencyMax hashes made at once, 1 or more
    /// @param patience how long the running call may wait for its turn
    public PasswordHasher(HashCost cost, int concurrencyMax, Supplier<Duration> patience) {
        this.cost = cost;
        this.slots = new Semaphore(concurrencyMax, true);
        this.patience = patience;
        this.memories = new HashMemory.Idle(cost);
        this.decoy = new PasswordHash(cost, bytes(SALT_BYTES), bytes(HASH_BYTES));
    }

    /// Hashes a password with a fresh salt.
    ///
    /// @throws IdentityException Overloaded when no turn comes in time
    public PasswordHash hash(Password password) {
        var salt = bytes(SALT_BYTES);
        return new PasswordHash(cost, salt, inTurn(password, cost, salt, HASH_BYTES));
    }

    /// The password is the hashed one; takes the same time whether it is or not.
    ///
    /// @throws IdentityException Overloaded when no turn comes in time
    public boolean matches(Password password, PasswordHash hash) {
        var expected = hash.hash();
        return MessageDigest.isEqual(expected, inTurn(password, hash.cost(), hash.salt(), expected.length));
    }

    /// The hash was made at another cost than new ones are.
    public boolean outdated(PasswordHash hash) {
        return !hash.cost().equals(cost);
    }

    /// A hash no password is known for, to spend the same work on users that do not exist.
    public PasswordHash decoy() {
        return decoy;
    }

    /// The same at the cost of another hash: stored ones that are outdated would else be told by their time.
    public PasswordHash decoy(PasswordHash other) {
        return new PasswordHash(other.cost(), decoy.salt(), decoy.hash());
    }

    private byte[] inTurn(Password password, HashCost at, byte[] salt, int length) {
        var task = new FutureTask<>(() -> argon2(password, at, salt, length));
        try {
            if (!slots.tryAcquire(patience.get().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IdentityException(new IdentityFailure.Overloaded());
            }
            try {
                // A virtual thread would keep its carrier for the whole computation and starve other calls.
                Thread.ofPlatform().name("argon2").daemon().start(task);
                return task.get();
            } finally {
                slots.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IdentityException(new IdentityFailure.Overloaded());
        } catch (ExecutionException e) {
            throw new IllegalStateException("Argon2id failed", e.getCause());
        }
    }

    private byte[] argon2(Password password, HashCost at, byte[] salt, int length) {
        var memory = memories.take();
        var generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(at.memoryKib())
                .withIterations(at.iterations())
                .withParallelism(at.lanes())
                .withSalt(salt)
                .withBlockPool(memory)
                .build());
        var hash = new byte[length];
        generator.generateBytes(password.bytes(), hash);
        memories.giveBack(memory);
        return hash;
    }

    private byte[] bytes(int count) {
        var bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
