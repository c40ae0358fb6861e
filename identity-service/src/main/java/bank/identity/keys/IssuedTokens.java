package bank.identity.keys;

import bank.identity.model.IssuedToken;
import bank.platform.config.ServiceConfig.TokenConfig;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads access tokens that were issued here and hold still.
public final class IssuedTokens {
    private static final int LENGTH_MAX = 8_192;

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    /// @param keys they are signed with
    /// @param config issuer and audience they name
    public IssuedTokens(SigningKeys keys, TokenConfig config, Clock clock) {
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt")));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.PS256, keys));
        var claims =
                new DefaultJWTClaimsVerifier<SecurityContext>(
                        config.audience(),
                        new JWTClaimsSet.Builder().issuer(config.issuer()).build(),
                        Set.of("sub", "exp", "iat", "jti", "client_id")) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }
                };
        claims.setMaxClockSkew(0);
        processor.setJWTClaimsSetVerifier(claims);
    }

    /// The token a text is; empty when it is none of ours, or has ended.
    public Optional<IssuedToken> read(String text) {
        if (text.length() > LENGTH_MAX) {
            return Optional.empty();
        }
        try {
            return Optional.of(token(processor.process(SignedJWT.parse(text), null)));
        } catch (KeySourceException e) {
            throw new IllegalStateException("the signing keys cannot be read", e);
        } catch (ParseException | BadJOSEException | JOSEException e) {
            return Optional.empty();
        }
    }

    private static IssuedToken token(JWTClaimsSet claims) throws ParseException {
        var roles = claims.getStringListClaim("roles");
        var organizations = claims.getListClaim("org");
        return new IssuedToken(
                claims.getJWTID(),
                claims.getSubject(),
                claims.getStringClaim("client_id"),
                claims.getAudience(),
                claims.getIssueTime().toInstant(),
                claims.getExpirationTime().toInstant(),
                claims.getStringClaim("sid"),
                roles == null ? List.of() : List.copyOf(roles),
                organizations == null
                        ? List.of()
                        : organizations.stream()
                                .map(number -> ((Number) number).longValue())
                                .toList(),
                claims.getStringClaim("scope"),
                claims.getJSONObjectClaim("cnf"));
    }
}
