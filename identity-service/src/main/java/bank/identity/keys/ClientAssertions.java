package bank.identity.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Assertions by which clients prove who they are (RFC 7523, section 3; OpenID Connect Core, section 9). Keys come from
/// the client's registered set and from nowhere else; `jku`, `jwk`, `x5u` and `x5c` of an assertion's header are not
/// looked at.
public final class ClientAssertions {
    private static final Duration AHEAD_MAX = Duration.ofMinutes(5);
    private static final Duration AGE_MAX = Duration.ofMinutes(10);
    private static final Duration SKEW = Duration.ofSeconds(5);
    private static final int JTI_LENGTH_MAX = 255;
    private static final Set<JOSEObjectType> TYPES =
            Set.of(JOSEObjectType.JWT, new JOSEObjectType("client-authentication+jwt"));

    private final Set<String> audiences;
    private final Clock clock;

    /// @param audiences what assertions may be meant for: the issuer, the addresses of its token endpoint
    public ClientAssertions(Set<String> audiences, Clock clock) {
        this.audiences = Set.copyOf(audiences);
        this.clock = clock;
    }

    /// An assertion that passed.
    ///
    /// @param jti its id
    /// @param endsAt from when on it would be refused
    public record Passed(String jti, Instant endsAt) {}

    /// Checks an assertion.
    ///
    /// @param clientId who it must speak for
    /// @param jwks his registered keys
    public Optional<Passed> check(SignedJWT assertion, String clientId, String jwks) {
        try {
            var processor = new DefaultJWTProcessor<SecurityContext>();
            processor.setJWSTypeVerifier(ClientAssertions::requireType);
            processor.setJWSKeySelector(new JWSVerificationKeySelector<>(
                    ClientKeys.SIGNING, new ImmutableJWKSet<SecurityContext>(JWKSet.parse(jwks))));
            processor.setJWTClaimsSetVerifier(new Rules(clientId));
            var claims = processor.process(assertion, null);
            return Optional.of(new Passed(
                    claims.getJWTID(), claims.getExpirationTime().toInstant().plus(SKEW)));
        } catch (BadJOSEException | JOSEException e) {
            return Optional.empty();
        } catch (ParseException e) {
            throw new IllegalStateException("stored keys of client " + clientId + " are no JWK set", e);
        }
    }

    private static void requireType(@Nullable JOSEObjectType type, @Nullable SecurityContext context)
            throws BadJOSEException {
        if (type != null && !TYPES.contains(type)) {
            throw new BadJOSEException("a token of another kind");
        }
    }

    private final class Rules extends DefaultJWTClaimsVerifier<SecurityContext> {
        Rules(String clientId) {
            super(new JWTClaimsSet.Builder().issuer(clientId).subject(clientId).build(), Set.of("aud", "exp", "jti"));
            setMaxClockSkew((int) SKEW.toSeconds());
        }

        @Override
        protected Date currentTime() {
            return Date.from(clock.instant());
        }

        @Override
        public void verify(JWTClaimsSet claims, SecurityContext context) throws BadJWTException {
            super.verify(claims, context);
            var now = clock.instant();
            // Whoever else it is meant for could use it here.
            require(
                    claims.getAudience().size() == 1
                            && audiences.contains(claims.getAudience().getFirst()),
                    "meant for another");
            require(
                    !claims.getExpirationTime()
                            .toInstant()
                            .isAfter(now.plus(AHEAD_MAX).plus(SKEW)),
                    "holds for too long");
            var issued =
                    claims.getIssueTime() == null ? now : claims.getIssueTime().toInstant();
            require(!issued.isAfter(now.plus(SKEW)) && !issued.isBefore(now.minus(AGE_MAX)), "not issued just now");
            require(
                    !claims.getJWTID().isBlank() && claims.getJWTID().length() <= JTI_LENGTH_MAX,
                    "has no id of a sensible length");
        }

        private static void require(boolean holds, String otherwise) throws BadJWTException {
            if (!holds) {
                throw new BadJWTException(otherwise);
            }
        }
    }
}
