package bank.platform.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.stream.Collectors;

/// The rules for tokens of one issuer: type, algorithm, key, signature, claims, times. Keys come from the issuer's set
/// by `kid` and from nowhere else; `jku`, `jwk`, `x5u` and `x5c` of a token's header are not looked at.
final class IssuerCheck {
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final Issuer issuer;

    /// @param skew by how much the issuer's clock may differ
    IssuerCheck(Issuer issuer, Clock clock, Duration skew) {
        this.issuer = issuer;
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(
                issuer.types().stream().map(JOSEObjectType::new).collect(Collectors.toSet())));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(issuer.algorithms(), issuer.keys()));
        var claims =
                new DefaultJWTClaimsVerifier<SecurityContext>(
                        issuer.audience(),
                        new JWTClaimsSet.Builder().issuer(issuer.url()).build(),
                        issuer.claims()) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }

                    @Override
                    public void verify(JWTClaimsSet claims, SecurityContext context) throws BadJWTException {
                        super.verify(claims, context);
                        var issued = claims.getIssueTime();
                        if (issued != null
                                && issued.toInstant().isAfter(clock.instant().plus(skew))) {
                            throw new BadJWTException("issued in the future");
                        }
                    }
                };
        claims.setMaxClockSkew((int) skew.toSeconds());
        processor.setJWTClaimsSetVerifier(claims);
    }

    /// The claims of a token that passes.
    JWTClaimsSet claims(SignedJWT token) throws BadJOSEException, JOSEException {
        return processor.process(token, null);
    }

    Issuer issuer() {
        return issuer;
    }
}
