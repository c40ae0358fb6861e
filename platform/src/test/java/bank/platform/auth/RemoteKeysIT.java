package bank.platform.auth;

import static bank.platform.FailureAssert.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.TestTokens;
import bank.platform.grpc.Channels;
import bank.testing.TestClock;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RemoteKeysIT {
    private final TestClock clock = new TestClock();
    private final TestTokens tokens = new TestTokens(clock);
    private TestOAuth identity;
    private ManagedChannel channel;
    private TokenVerifier verifier;

    @BeforeEach
    void start() {
        identity = new TestOAuth(clock);
        channel = Channels.open(identity.address());
        verifier = new TokenVerifier(TestTokens.config(), RemoteKeys.of(channel), clock);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        identity.close();
    }

    @Test
    void keysAreReadOnceForManyTokens() {
        for (var id = 1; id <= 20; id++) {
            assertThat(verifier.verify(TestTokens.sign(tokens.user(id, "client")))
                            .name())
                    .isEqualTo("user:" + id);
        }

        assertThat(identity.keysRead).hasValue(1);
    }

    @Test
    void newKeyIsFoundWhenItsFirstTokenComes() {
        verify(TestTokens.KEY, 1);
        var next = TestTokens.newKey("key-2");
        identity.keys = new JWKSet(List.of(TestTokens.KEY.toPublicJWK(), next.toPublicJWK()));

        assertThat(verify(next, 2).name()).isEqualTo("user:2");
        assertThat(verify(TestTokens.KEY, 3).name()).isEqualTo("user:3");
    }

    @Test
    void forgedKeyIdsStayInvalidAndDoNotReadKeysEachTime() {
        verify(TestTokens.KEY, 1);
        var forger = TestTokens.newKey("forged");

        for (var id = 1; id <= 10; id++) {
            var forged = id;
            assertFails(Code.UNAUTHENTICATED, "TOKEN_INVALID", () -> verify(forger, forged));
        }

        assertThat(identity.keysRead.get()).isLessThanOrEqualTo(3);
        assertThat(verify(TestTokens.KEY, 2).name()).isEqualTo("user:2");
    }

    @Test
    void identityThatIsDownIsNotTheCallersFault() {
        identity.down = true;

        for (var attempt = 0; attempt < 10; attempt++) {
            assertFails(Code.UNAVAILABLE, "KEYS_UNAVAILABLE", () -> verify(TestTokens.KEY, 1));
        }
    }

    @Test
    void knownKeysServeOnWhileIdentityIsDown() {
        verify(TestTokens.KEY, 1);
        identity.down = true;

        assertThat(verify(TestTokens.KEY, 2).name()).isEqualTo("user:2");
    }

    private Principal verify(RSAKey key, long user) {
        return verifier.verify(TestTokens.sign(tokens.user(user, "client"), JWSAlgorithm.PS256, "at+jwt", key));
    }
}
