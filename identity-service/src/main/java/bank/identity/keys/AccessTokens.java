package bank.identity.keys;

import bank.identity.model.AccessToken;
import bank.identity.model.OAuthClient;
import bank.identity.model.TokenKey;
import bank.identity.model.TokenUser;
import bank.platform.config.ServiceConfig.TokenConfig;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Issues access tokens: JWTs of RFC 9068, signed PS256.
public final class AccessTokens {
    private static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");

    private final SigningKeys keys;
    private final TokenConfig config;
    private final Duration life;
    private final Clock clock;

    /// @param config issuer and audience the tokens name
    /// @param life how long each holds
    public AccessTokens(SigningKeys keys, TokenConfig config, Duration life, Clock clock) {
        this.keys = keys;
        this.config = config;
        this.life = life;
        this.clock = clock;
    }

    /// Makes ready to give tokens in a transaction that begins after this.
    public void prepare() {
        keys.refresh();
    }

    /// A token for a signed-in user.
    ///
    /// @param user who he is
    /// @param session his session, the `sid`
    /// @param clientId client that acts for him
    /// @param scopes what he lets it do; null for a client of the bank itself, which may do whatever he may
    /// @param key what it is bound to; null for a bearer token
    public AccessToken forUser(
            TokenUser user, UUID session, String clientId, @Nullable Set<String> scopes, @Nullable TokenKey key) {
        return sign(claims(user, session, clientId, life), life, scopes, key);
    }

    /// A token for a user whom a token of another issuer speaks of. It ends with that at the latest.
    ///
    /// @param user who he is
    /// @param session his session, the `sid`
    /// @param clientId client that acts for him
    /// @param key what it is bound to; null for a bearer token
    /// @param end when the other token ends
    public AccessToken forForeignUser(
            TokenUser user, UUID session, String clientId, @Nullable TokenKey key, Instant end) {
        var left = Duration.between(clock.instant(), end);
        var shorter = left.compareTo(life) < 0 ? left : life;
        return sign(claims(user, session, clientId, shorter), shorter, null, key);
    }

    /// A token for a machine client that acts for itself.
    ///
    /// @param scopes what the token allows
    /// @param key what it is bound to; null for a bearer token
    public AccessToken forMachine(OAuthClient client, Set<String> scopes, @Nullable TokenKey key) {
        return sign(claims(client.id(), client.id(), life), life, scopes, key);
    }

    private JWTClaimsSet.Builder claims(TokenUser user, UUID session, String clientId, Duration life) {
        return claims(Long.toString(user.id()), clientId, life)
                .claim("roles", List.of(user.role().claim()))
                .claim("sid", session.toString())
                .claim("org", user.organizations().isEmpty() ? null : user.organizations());
    }

    private JWTClaimsSet.Builder claims(String subject, String clientId, Duration life) {
        var now = clock.instant();
        return new JWTClaimsSet.Builder()
                .issuer(config.issuer())
                .audience(config.audience())
                .subject(subject)
                .claim("client_id", clientId)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(life)))
                .jwtID(UUID.randomUUID().toString());
    }

    private AccessToken sign(
            JWTClaimsSet.Builder claims, Duration life, @Nullable Set<String> scopes, @Nullable TokenKey boundTo) {
        if (scopes != null) {
            claims.claim("scope", String.join(" ", scopes.stream().sorted().toList()));
        }
        if (boundTo != null) {
            claims.claim("cnf", Map.of("jkt", boundTo.thumbprint()));
        }
        var key = keys.active();
        var header = new JWSHeader.Builder(JWSAlgorithm.PS256)
                .type(TYPE)
                .keyID(key.getKeyID())
                .build();
        var token = new SignedJWT(header, claims.build());
        try {
            token.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("an access token could not be signed", e);
        }
        return new AccessToken(token.serialize(), life, scopes, boundTo != null);
    }
}
