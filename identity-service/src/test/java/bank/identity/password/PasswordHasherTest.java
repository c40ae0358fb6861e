package bank.identity.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.Password;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PasswordHasherTest {
    private static final Password PASSWORD = new Password("пароль, который никто не знает");

    private final PasswordHasher hasher = new PasswordHasher(HashCost.OWASP, 2, () -> Duration.ofSeconds(30));

    @Test
    void matchesTheHashedPasswordAndNoOther() {
        var hash = PasswordHash.parse(hasher.hash(PASSWORD).encoded());
        assertThat(hasher.matches(PASSWORD, hash)).isTrue();
        assertThat(hasher.matches(new Password("пароль, который никто не знае"), hash))
                .isFalse();
        assertThat(hasher.matches(PASSWORD, hasher.decoy())).isFalse();
    }

    @Test
    void storesCostSaltAndHashInThePhcFormat() {
        assertThat(hasher.hash(PASSWORD).encoded())
                .matches("\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}")
                .isNotEqualTo(hasher.hash(PASSWORD).encoded());
    }

    @Test
    void agreesWithTheReferenceImplementation() {
        // argon2 20190702: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32
        var reference = PasswordHash.parse(
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");
        assertThat(hasher.matches(new Password("password"), reference)).isTrue();
        assertThat(hasher.matches(new Password("passwore"), reference)).isFalse();
    }

    @Test
    void tellsHashesMadeAtAnotherCost() {
        var cheaper = new PasswordHasher(new HashCost(1_024, 1, 1), 1, () -> Duration.ofSeconds(30));
        var old = cheaper.hash(PASSWORD);
        assertThat(hasher.outdated(old)).isTrue();
        assertThat(hasher.outdated(hasher.hash(PASSWORD))).isFalse();
        assertThat(hasher.matches(PASSWORD, old)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "password",
                "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=0,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            })
    void refusesWhatIsNoArgon2idHash(String text) {
        assertThatThrownBy(() -> PasswordHash.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesWorkWhenNoTurnComesInTime() throws Exception {
        var asked = new CountDownLatch(1);
        var callers = new AtomicInteger();
        var slow = new PasswordHasher(new HashCost(65_536, 30, 1), 1, () -> {
            var first = callers.getAndIncrement() == 0;
            asked.countDown();
            return first ? Duration.ofSeconds(30) : Duration.ZERO;
        });
        try (var threads = Executors.newSingleThreadExecutor()) {
            var first = threads.submit(() -> slow.hash(PASSWORD));
            asked.await();
            var refused = false;
            while (!refused && !first.isDone()) {
                refused = overloaded(slow);
            }
            assertThat(refused).isTrue();
            assertThat(first.get()).isNotNull();
        }
    }

    private static boolean overloaded(PasswordHasher hasher) {
        try {
            hasher.hash(PASSWORD);
            return false;
        } catch (IdentityException e) {
            return e.failure() instanceof IdentityFailure.Overloaded;
        }
    }

    @Test
    void printsNoSecret() {
        assertThat(PASSWORD.toString()).doesNotContain("пароль");
        assertThat(hasher.decoy().toString()).doesNotContain("$");
    }
}
