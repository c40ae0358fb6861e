package bank.identity.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import bank.identity.model.Password;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RememberedSecretsTest {
    private static final HashCost CHEAP = new HashCost(8, 1, 1);
    private static final Password RIGHT = new Password("the right secret");
    private static final Password WRONG = new Password("the wrong secret");

    private final PasswordHash hash = hasher(1).hash(RIGHT);

    @Test
    void tellsRightFromWrong() {
        var secrets = new RememberedSecrets(hasher(1));
        for (var i = 0; i < 2; i++) {
            assertThat(secrets.matches("shop", RIGHT, hash)).isTrue();
            assertThat(secrets.matches("shop", WRONG, hash)).isFalse();
        }
    }

    @Test
    void forgetsASecretWhenItsHashIsAnother() {
        var secrets = new RememberedSecrets(hasher(1));
        assertThat(secrets.matches("shop", RIGHT, hash)).isTrue();
        assertThat(secrets.matches("shop", RIGHT, hasher(1).hash(WRONG))).isFalse();
    }

    @Test
    void hashesARightSecretOnceAndEachWrongOne() {
        var left = new AtomicInteger(2);
        var secrets = new RememberedSecrets(new PasswordHasher(CHEAP, 1, () -> {
            if (left.getAndDecrement() == 0) {
                throw new IllegalStateException("hashed too often");
            }
            return Duration.ZERO;
        }));
        assertThat(secrets.matches("shop", RIGHT, hash)).isTrue();
        assertThat(secrets.matches("shop", RIGHT, hash)).isTrue();
        assertThat(secrets.matches("shop", WRONG, hash)).isFalse();
        assertThat(secrets.matches("shop", RIGHT, hash)).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> secrets.matches("shop", WRONG, hash));
    }

    private static PasswordHasher hasher(int turns) {
        return new PasswordHasher(CHEAP, turns, () -> Duration.ZERO);
    }
}
