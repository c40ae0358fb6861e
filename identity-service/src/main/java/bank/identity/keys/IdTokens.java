package bank.identity.keys;

import bank.identity.model.AccessToken;
import bank.identity.model.AuthorizationCode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.id.Audience;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.Subject;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.claims.AccessTokenHash;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.SessionID;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.UUID;

/// Issues id tokens (OpenID Connect Core 1.0, section 2), signed PS256.
public final class IdTokens {
    private final SigningKeys keys;
    private final String issuer;
    private final Duration life;
    private final Clock clock;

    /// @param issuer issuer the tokens name
    /// @param life how long each holds
    public IdTokens(SigningKeys keys, String issuer, Duration life, Clock clock) {
        this.keys = keys;
        this.issuer = issuer;
        this.life = life;
        this.clock = clock;
    }

    /// Tells the client of a code who signed in.
    ///
    /// @param session session that was made of the code
    /// @param access access token given along with it
    public String of(AuthorizationCode code, UUID session, AccessToken access) {
        var now = clock.instant();
        var claims = new IDTokenClaimsSet(
                new Issuer(issuer),
                new Subject(Long.toString(code.userId())),
                new Audience(code.clientId()).toSingleAudienceList(),
                Date.from(now.plus(life)),
                Date.from(now));
        claims.setAuthenticationTime(Date.from(code.signedInAt()));
        claims.setSessionID(new SessionID(session.toString()));
        claims.setAccessTokenHash(
                AccessTokenHash.compute(new BearerAccessToken(access.value()), JWSAlgorithm.PS256, null));
        if (code.nonce() != null) {
            claims.setNonce(new Nonce(code.nonce()));
        }
        var key = keys.active();
        try {
            var header = new JWSHeader.Builder(JWSAlgorithm.PS256)
                    .type(JOSEObjectType.JWT)
                    .keyID(key.getKeyID())
                    .build();
            var token = new SignedJWT(header, claims.toJWTClaimsSet());
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException | ParseException e) {
            throw new IllegalStateException("an id token could not be signed", e);
        }
    }
}
