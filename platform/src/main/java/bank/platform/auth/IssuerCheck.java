package bank.platform.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.BadJWSException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import java.security.Key;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.List;

/// The rules for tokens of one issuer: algorithm, type, key, signature, claims, times. Keys come from the issuer's set
/// by `kid` and from nowhere else; `jku`, `jwk`, `x5u` and `x5c` of a token's header are not looked at.
final class IssuerCheck {
    private final DefaultJWTProcessor<Keys> processor = new DefaultJWTProcessor<>();
    private final JWSVerificationKeySelector<SecurityContext> selector;
    private final Issuer issuer;

    /// Keys a token may be signed with.
    private record Keys(List<Key> keys) implements SecurityContext {}

    /// @param skew by how much the issuer's clock may differ
    IssuerCheck(Issuer issuer, Clock clock, Duration skew) {
        this.issuer = issuer;
        selector = new JWSVerificationKeySelector<>(issuer.algorithms(), issuer.keys());
        processor.setJWSTypeVerifier((type, context) -> requireType(type));
        processor.setJWSKeySelector((header, context) -> context.keys());
        processor.setJWTClaimsSetVerifier(new Claims(issuer, clock, skew));
    }

    /// The claims of a token that passes.
    ///
    /// @throws RefusedTokenException when it breaks a rule
    /// @throws ExpiredJWTException when all that is wrong with it is its age
    JWTClaimsSet claims(SignedJWT token) throws BadJOSEException, JOSEException {
        if (!issuer.algorithms().contains(token.getHeader().getAlgorithm())) {
            throw new RefusedTokenException(TokenFault.ALGORITHM);
        }
        requireType(token.getHeader().getType());
        try {
            return processor.process(token, new Keys(keys(token.getHeader())));
        } catch (BadJWSException e) {
            throw new RefusedTokenException(TokenFault.SIGNATURE);
        }
    }

    private List<Key> keys(JWSHeader header) throws JOSEException, RefusedTokenException {
        if (header.getKeyID() == null) {
            throw new RefusedTokenException(TokenFault.KID_MISSING);
        }
        var keys = selector.selectJWSKeys(header, null);
        if (keys.isEmpty()) {
            throw new RefusedTokenException(TokenFault.KID_UNKNOWN);
        }
        return List.copyOf(keys);
    }

    private void requireType(JOSEObjectType type) throws RefusedTokenException {
        if (type == null || issuer.types().stream().noneMatch(type.getType()::equalsIgnoreCase)) {
            throw new RefusedTokenException(TokenFault.TYPE);
        }
    }

    Issuer issuer() {
        return issuer;
    }

    /// The rules for claims and times.
    private static final class Claims extends DefaultJWTClaimsVerifier<Keys> {
        private final Issuer issuer;
        private final Clock clock;
        private final Duration skew;

        Claims(Issuer issuer, Clock clock, Duration skew) {
            super(
                    issuer.audience(),
                    new JWTClaimsSet.Builder().issuer(issuer.url()).build(),
                    issuer.claims());
            this.issuer = issuer;
            this.clock = clock;
            this.skew = skew;
            setMaxClockSkew((int) skew.toSeconds());
        }

        @Override
        protected Date currentTime() {
            return Date.from(clock.instant());
        }

        @Override
        public void verify(JWTClaimsSet claims, Keys context) throws BadJWTException {
            if (!claims.getAudience().contains(issuer.audience())) {
                throw new RefusedTokenException(TokenFault.AUDIENCE);
            }
            if (!claims.getClaims().keySet().containsAll(issuer.claims())) {
                throw new RefusedTokenException(TokenFault.CLAIM_MISSING);
            }
            try {
                super.verify(claims, context);
            } catch (ExpiredJWTException e) {
                throw e;
            } catch (BadJWTException e) {
                throw new RefusedTokenException(TokenFault.NOT_YET_VALID);
            }
            var issued = claims.getIssueTime();
            if (issued != null && issued.toInstant().isAfter(clock.instant().plus(skew))) {
                throw new RefusedTokenException(TokenFault.ISSUED_IN_FUTURE);
            }
        }
    }
}
