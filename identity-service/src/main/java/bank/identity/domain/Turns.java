package bank.identity.domain;

import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import com.google.common.util.concurrent.Striped;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Lets attempts that count on one counter wait for each other: as each counts as failed until it is known to be
/// right, many right ones at once would look like an attack. Half of what a counter allows may be under way in this
/// process, so that two instances together do not reach it.
final class Turns {
    private static final int STRIPES = 1_024;

    private final Striped<Semaphore> accounts;
    private final Striped<Semaphore> addresses;
    private final Supplier<Duration> patience;

    /// @param patience how long the running call may wait for its turn
    Turns(SignInThrottle.Limits limits, Supplier<Duration> patience) {
        this(half(limits.accountFailuresMax()), half(limits.addressFailuresMax()), patience);
    }

    private Turns(int ofAccount, int ofAddress, Supplier<Duration> patience) {
        this.accounts = Striped.lazyWeakSemaphore(STRIPES, ofAccount);
        this.addresses = Striped.lazyWeakSemaphore(STRIPES, ofAddress);
        this.patience = patience;
    }

    /// Those of whoever does one thing after the other.
    static Turns singly(Supplier<Duration> patience) {
        return new Turns(1, 1, patience);
    }

    private static int half(int failuresMax) {
        return Math.max(1, (failuresMax - 1) / 2);
    }

    /// Runs an attempt when its turn has come.
    ///
    /// @param account counter of the account
    /// @param address counter of the address; null when it does not count
    /// @throws IdentityException Overloaded when it does not come in time
    <T> T inTurn(byte[] account, byte @Nullable [] address, Supplier<T> attempt) {
        Supplier<T> ofAccount = () -> inTurn(accounts.get(ByteBuffer.wrap(account)), attempt);
        return address == null ? ofAccount.get() : inTurn(addresses.get(ByteBuffer.wrap(address)), ofAccount);
    }

    private <T> T inTurn(Semaphore turn, Supplier<T> attempt) {
        try {
            if (!turn.tryAcquire(patience.get().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IdentityException(new IdentityFailure.Overloaded());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IdentityException(new IdentityFailure.Overloaded());
        }
        try {
            return attempt.get();
        } finally {
            turn.release();
        }
    }
}
