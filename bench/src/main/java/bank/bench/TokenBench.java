package bank.bench;

import bank.platform.auth.TokenVerifier;
import bank.platform.config.ServiceConfig.TokenConfig;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.function.LongSupplier;

/// Checks of access tokens by one thread: of tokens that are remembered, and of tokens that are not.
final class TokenBench {
    private static final int TOKENS = 1_000;
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final TokenConfig CONFIG = new TokenConfig() {
        @Override
        public String issuer() {
            return "https://bank.example";
        }

        @Override
        public String audience() {
            return "bank";
        }
    };

    private TokenBench() {}

    static void main(String[] arguments) throws Exception {
        var rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        var time = Duration.ofSeconds(arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3);
        var key = new RSAKeyGenerator(2_048).keyID("bench").generate();
        var keys = new ImmutableJWKSet<SecurityContext>(new JWKSet(key.toPublicJWK()));
        var tokens = tokens(key);
        var remembering = new TokenVerifier(CONFIG, keys, CLOCK);
        LongSupplier remembered = () -> checked(remembering, tokens);
        LongSupplier fresh = () -> checked(new TokenVerifier(CONFIG, keys, CLOCK), tokens);
        perSecond(fresh, time);
        perSecond(remembered, time);
        var ratios = new double[rounds];
        for (var round = 0; round < rounds; round++) {
            var with = perSecond(remembered, time);
            var without = perSecond(fresh, time);
            ratios[round] = with / without;
            System.out.printf(
                    "%,.0f checks/s of remembered tokens, %,.0f of others, ratio %.1f%n", with, without, ratios[round]);
        }
        Arrays.sort(ratios);
        System.out.printf(
                "with the cache / without: median %.1f (%.1f to %.1f)%n",
                ratios[rounds / 2], ratios[0], ratios[rounds - 1]);
    }

    private static double perSecond(LongSupplier pass, Duration time) {
        var checks = 0L;
        var begin = System.nanoTime();
        var end = begin;
        for (; end - begin < time.toNanos(); end = System.nanoTime()) {
            checks += pass.getAsLong();
        }
        return checks / ((end - begin) / 1e9);
    }

    private static long checked(TokenVerifier verifier, List<String> tokens) {
        var checked = 0L;
        for (var token : tokens) {
            checked += verifier.verify(token).name().isEmpty() ? 0 : 1;
        }
        return checked;
    }

    private static List<String> tokens(RSAKey key) throws JOSEException {
        var signer = new RSASSASigner(key);
        var tokens = new ArrayList<String>();
        for (var i = 1; i <= TOKENS; i++) {
            var header = new JWSHeader.Builder(JWSAlgorithm.PS256)
                    .type(new JOSEObjectType("at+jwt"))
                    .keyID(key.getKeyID())
                    .build();
            var claims = new JWTClaimsSet.Builder()
                    .issuer(CONFIG.issuer())
                    .audience(CONFIG.audience())
                    .subject(Integer.toString(i))
                    .claim("client_id", "bank-cli")
                    .claim("roles", List.of("client"))
                    .claim("sid", "s-" + i)
                    .issueTime(Date.from(NOW))
                    .expirationTime(Date.from(NOW.plusSeconds(600)))
                    .build();
            var token = new SignedJWT(header, claims);
            token.sign(signer);
            tokens.add(token.serialize());
        }
        return tokens;
    }
}
