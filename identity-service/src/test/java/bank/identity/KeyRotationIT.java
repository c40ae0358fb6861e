package bank.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.identity.domain.AuditLog;
import bank.identity.domain.KeyRotations;
import bank.identity.keys.AccessTokens;
import bank.identity.keys.SealedKeys;
import bank.identity.keys.SigningKeys;
import bank.identity.keys.Vault;
import bank.identity.keys.VaultException;
import bank.identity.model.Caller;
import bank.identity.model.Role;
import bank.identity.model.SigningKeyState;
import bank.identity.model.TokenUser;
import bank.identity.store.AuditStore;
import bank.identity.store.SigningKeyStore;
import bank.identity.store.SigningKeyStore.Life;
import bank.platform.auth.TokenVerifier;
import bank.platform.db.Database;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Keys are replaced without a pause, and withdrawn at once when they must be.
final class KeyRotationIT {
    private static final Duration TOKEN_LIFE = Duration.ofMinutes(10);
    private static final Duration SIGNING = Duration.ofDays(90);
    private static final KeyRotations.Times TIMES =
            new KeyRotations.Times(SIGNING, IdentityServer.KEYS_PUBLISHED_BEFORE);

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final TestClock clock = new TestClock(Instant.parse("2026-03-01T12:00:00Z"));
    private Database database;
    private IdentityConfig config;
    private KeyRotations rotations;
    private SigningKeys one;
    private SigningKeys two;

    @BeforeEach
    void open() {
        config = RunningIdentity.config(postgres.createDatabase(), Map.of());
        database = Database.open(config.database(), "identity");
        rotations = rotations(config.keyEncryptionKey());
        one = instance();
        two = instance();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void noTokenIsRefusedWhileKeysAreReplaced() throws Exception {
        var begin = clock.instant();
        var keptKeys = new KeptKeys(one);
        var verifier = new TokenVerifier(config.tokens(), keptKeys, clock);
        var signers = List.of(tokens(one), tokens(two));
        var valid = new ArrayList<String>();
        var kids = new HashSet<String>();
        rotations.makeNext(Caller.operator());
        // Twenty-five minutes: publication, turn, the end of the last token of the old key.
        for (var step = 0; step < 300; step++) {
            for (var signer : signers) {
                var token = signer.forUser(
                                new TokenUser(17, Role.CLIENT, List.of()), UUID.randomUUID(), "bank-cli", null, null)
                        .value();
                kids.add(SignedJWT.parse(token).getHeader().getKeyID());
                assertThat(verifier.verify(token).name()).isEqualTo("user:17");
                valid.add(token);
            }
            // What was issued ten minutes ago is in its last second.
            if (valid.size() > 2 * 120) {
                assertThat(verifier.verify(valid.removeFirst())).isNotNull();
                assertThat(verifier.verify(valid.removeFirst())).isNotNull();
            }
            clock.advance(Duration.ofSeconds(5));
            rotations.advance();
        }
        assertThat(kids).hasSize(2);
        clock.advance(Duration.ofSeconds(60));
        assertThat(one.published().getKeys()).hasSize(1);
        assertThat(states()).containsExactlyInAnyOrder(SigningKeyState.ACTIVE, SigningKeyState.RETIRED);
        assertThat(rotations.list())
                .extracting(Life::activatedAt)
                .containsExactlyInAnyOrder(begin, begin.plus(IdentityServer.KEYS_PUBLISHED_BEFORE));
    }

    @Test
    void theNextKeyIsMadeWhenThePresentOneHasSignedLongEnough() {
        rotations.advance();
        clock.advance(SIGNING.minusSeconds(1));
        rotations.advance();
        assertThat(states()).containsExactly(SigningKeyState.ACTIVE);
        clock.advance(Duration.ofSeconds(1));
        rotations.advance();
        assertThat(states()).containsExactly(SigningKeyState.NEXT, SigningKeyState.ACTIVE);
        assertThat(events()).containsExactly("SIGNING_KEY_MADE system");
        clock.advance(IdentityServer.KEYS_PUBLISHED_BEFORE.minusSeconds(1));
        rotations.advance();
        assertThat(states()).containsExactly(SigningKeyState.NEXT, SigningKeyState.ACTIVE);
        clock.advance(Duration.ofSeconds(1));
        rotations.advance();
        rotations.advance();
        assertThat(states()).containsExactly(SigningKeyState.ACTIVE, SigningKeyState.RETIRED);
        assertThat(events()).containsExactly("SIGNING_KEY_MADE system", "SIGNING_KEY_ACTIVATED system");
    }

    @Test
    void aWithdrawnKeyStopsCountingEverywhereWithinAMinute() {
        var verifier = new TokenVerifier(config.tokens(), new KeptKeys(two), clock);
        var before = tokens(one)
                .forUser(new TokenUser(17, Role.CLIENT, List.of()), UUID.randomUUID(), "bank-cli", null, null)
                .value();
        assertThat(verifier.verify(before)).isNotNull();
        rotations.makeNext(Caller.operator());

        assertThat(rotations.withdrawAll(Caller.operator())).isEqualTo(2);

        clock.advance(Duration.ofSeconds(11));
        var after = tokens(two)
                .forUser(new TokenUser(18, Role.CLIENT, List.of()), UUID.randomUUID(), "bank-cli", null, null)
                .value();
        for (var second = 11; second < 60; second++) {
            clock.advance(Duration.ofSeconds(1));
            assertThat(verifier.known(before) == null || second < 50).isTrue();
            if (verifier.known(before) == null) {
                refreshed(verifier, before);
            }
        }
        assertThatThrownBy(() -> verifier.verify(before)).hasMessageContaining("TOKEN_INVALID");
        assertThat(verifier.verify(after).name()).isEqualTo("user:18");
        assertThat(one.published().getKeys()).hasSize(1);
        assertThat(states())
                .containsExactlyInAnyOrder(
                        SigningKeyState.ACTIVE, SigningKeyState.WITHDRAWN, SigningKeyState.WITHDRAWN);
    }

    private static void refreshed(TokenVerifier verifier, String token) {
        try {
            verifier.verify(token);
        } catch (RuntimeException refused) {
            assertThat(refused).hasMessageContaining("TOKEN_INVALID");
        }
    }

    @Test
    void twiceWithinASecondIsOnceOrTwiceButNeverHalf() {
        var turn = rotations.makeNext(Caller.operator());
        assertThat(rotations.makeNext(Caller.operator())).isEqualTo(turn);
        assertThat(states()).containsExactlyInAnyOrder(SigningKeyState.NEXT, SigningKeyState.ACTIVE);
        assertThat(rotations.withdrawAll(Caller.operator())).isEqualTo(2);
        assertThat(rotations.withdrawAll(Caller.operator())).isEqualTo(1);
        assertThat(states()).containsOnlyOnce(SigningKeyState.ACTIVE).hasSize(4);
        clock.advance(Duration.ofSeconds(11));
        assertThat(one.published().getKeys()).hasSize(1);
    }

    @Test
    void instancesMayReplaceKeysAtOnce() throws Exception {
        var rounds = Races.rounds(3);
        for (var round = 0; round < rounds; round++) {
            rotations.makeNext(Caller.operator());
            clock.advance(IdentityServer.KEYS_PUBLISHED_BEFORE);
            var work = new ArrayList<Callable<Object>>(Collections.nCopies(4, Executors.callable(rotations::advance)));
            work.add(() -> rotations.makeNext(Caller.operator()));
            work.add(() -> rotations.makeNext(Caller.operator()));
            if (round % 2 == 0) {
                work.add(() -> rotations.withdrawAll(Caller.operator()));
            }
            for (var done : Races.together(work)) {
                done.get();
            }
            assertThat(states()).containsOnlyOnce(SigningKeyState.ACTIVE);
            assertThat(states().stream().filter(SigningKeyState.NEXT::equals)).hasSizeLessThanOrEqualTo(1);
        }
        Races.tell("rotations at once, " + rounds + " rounds: one key signs, one at most is next");
    }

    @Test
    void privateHalvesAreSealedAndForgottenWithTheirUse() {
        rotations.makeNext(Caller.operator());
        clock.advance(IdentityServer.KEYS_PUBLISHED_BEFORE);
        rotations.advance();
        rotations.makeNext(Caller.operator());
        var stored = database.read(session -> session.sql()
                .createQuery("SELECT state || ' ' || encode(private_jwk, 'escape') FROM signing_key ORDER BY state")
                .mapTo(String.class)
                .list());
        assertThat(stored).hasSize(3).noneMatch(key -> key.contains("kty") || key.contains("\"d\""));
        assertThat(stored.getLast()).isEqualTo("RETIRED ");
    }

    @Test
    void makesNoKeyTheServiceCouldNotOpen() {
        var stranger = rotations(Base64.getEncoder().encodeToString(new byte[Vault.KEY_BYTES]));
        assertThatThrownBy(() -> stranger.makeNext(Caller.operator()))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("bank.identity.key-encryption-key");
        assertThatThrownBy(() -> stranger.withdrawAll(Caller.operator())).isInstanceOf(VaultException.class);
        assertThat(states()).containsExactly(SigningKeyState.ACTIVE);
    }

    private List<SigningKeyState> states() {
        return rotations.list().stream().map(Life::state).toList();
    }

    private List<String> events() {
        return database.read(session -> new AuditStore().following(session, 0, 100)).stream()
                .map(row -> row.event().type() + " " + row.event().caller().name())
                .toList();
    }

    private KeyRotations rotations(String key) {
        var vault = new Vault(Base64.getDecoder().decode(key));
        return new KeyRotations(
                database,
                new SigningKeyStore(),
                new SealedKeys(vault),
                new AuditLog(new AuditStore(), vault, null, clock),
                TIMES,
                clock);
    }

    private SigningKeys instance() {
        var vault = new Vault(Base64.getDecoder().decode(config.keyEncryptionKey()));
        var keys = new SigningKeys(
                database, new SigningKeyStore(), new SealedKeys(vault), clock, TOKEN_LIFE.plus(Duration.ofMinutes(5)));
        keys.prepare();
        return keys;
    }

    private AccessTokens tokens(SigningKeys keys) {
        var tokens = new AccessTokens(keys, config.tokens(), TOKEN_LIFE, clock);
        tokens.prepare();
        return tokens;
    }

    /// Keys as `RemoteKeys` keeps them, but read for no unknown one: what they lack is refused.
    private final class KeptKeys implements JWKSource<SecurityContext> {
        private static final Duration KEPT = Duration.ofSeconds(20);

        private final SigningKeys source;
        private JWKSet keys;
        private Instant readAt;

        KeptKeys(SigningKeys source) {
            this.source = source;
            keys = source.published();
            readAt = clock.instant();
        }

        @Override
        public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) {
            if (!clock.instant().isBefore(readAt.plus(KEPT))) {
                keys = source.published();
                readAt = clock.instant();
            }
            return selector.select(keys);
        }
    }
}
