package bank.platform.auth;

import bank.platform.config.ServiceConfig.TokenConfig;
import bank.v1.Role;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import java.text.ParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Who issues access tokens, and what his tokens are worth. A key counts for tokens of its own issuer alone.
///
/// @param url what `iss` must be
/// @param audience what `aud` must hold
/// @param algorithms what the tokens may be signed with; asymmetric ones only
/// @param types what `typ` of the header may be, e.g. `at+jwt`
/// @param claims claims that must be there besides `iss` and `aud`
/// @param keys his public keys
/// @param bearers who bears a token that passed
public record Issuer(
        String url,
        String audience,
        Set<JWSAlgorithm> algorithms,
        Set<String> types,
        Set<String> claims,
        JWKSource<SecurityContext> keys,
        Bearers bearers) {

    /// Algorithms an issuer may sign with: none of those with a shared secret.
    public static final Set<JWSAlgorithm> SIGNING = Set.of(
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    /// Type of an access token (RFC 9068).
    public static final String ACCESS_TOKEN = "at+jwt";

    /// Tells who bears a token.
    @FunctionalInterface
    public interface Bearers {
        /// Who the claims speak of.
        ///
        /// @param claims of a token that passed every check
        /// @throws ParseException when they name nobody
        Principal of(JWTClaimsSet claims) throws ParseException;
    }

    /// @throws IllegalArgumentException when an algorithm is none of [#SIGNING]
    public Issuer {
        algorithms = Set.copyOf(algorithms);
        types = Set.copyOf(types);
        claims = Set.copyOf(claims);
        if (algorithms.isEmpty() || !SIGNING.containsAll(algorithms)) {
            throw new IllegalArgumentException("algorithms must be some of " + SIGNING);
        }
    }

    /// identity-service: users with their role, machine clients with their scopes, signed PS256.
    public static Issuer identity(TokenConfig config, JWKSource<SecurityContext> keys) {
        return new Issuer(
                config.issuer(),
                config.audience(),
                Set.of(JWSAlgorithm.PS256),
                Set.of(ACCESS_TOKEN),
                Set.of("sub", "exp", "iat", "client_id"),
                keys,
                Issuer::known);
    }

    /// Somebody else's authorization server. Its tokens make machine clients and never users, whose ids and roles are
    /// identity-service's to give.
    ///
    /// @param name how the principals of its tokens begin: `name/sub`, so that none is taken for one of our own
    /// @param scopes those of the claim `scope` that count; others are dropped
    public static Issuer foreign(
            String name,
            String url,
            String audience,
            Set<JWSAlgorithm> algorithms,
            Set<String> types,
            Set<String> scopes,
            JWKSource<SecurityContext> keys) {
        var counting = Set.copyOf(scopes);
        return new Issuer(url, audience, algorithms, types, Set.of("sub", "exp"), keys, claims -> {
            var granted = new HashSet<>(scopes(claims));
            granted.retainAll(counting);
            return new Principal.Machine(name + "/" + claims.getSubject(), granted);
        });
    }

    /// Somebody else's authorization server whose users are users here: its tokens are exchanged for ones of
    /// identity-service, and count for nothing else.
    public static Issuer ofUsers(
            String url,
            String audience,
            Set<JWSAlgorithm> algorithms,
            Set<String> types,
            JWKSource<SecurityContext> keys) {
        return new Issuer(url, audience, algorithms, types, Set.of("sub", "exp"), keys, _ -> new Principal.Anonymous());
    }

    private static Principal known(JWTClaimsSet claims) throws ParseException {
        var roles = claims.getStringListClaim("roles");
        if (roles != null && roles.size() == 1) {
            return new Principal.User(
                    Long.parseLong(claims.getSubject()),
                    Role.valueOf("ROLE_" + roles.getFirst().toUpperCase(Locale.ROOT)),
                    claims.getStringClaim("sid") == null ? "" : claims.getStringClaim("sid"),
                    claims.getStringClaim("scope") == null ? null : Set.copyOf(scopes(claims)));
        }
        if (roles == null && claims.getStringClaim("scope") != null) {
            return new Principal.Machine(claims.getSubject(), Set.copyOf(scopes(claims)));
        }
        throw new ParseException("neither one role nor a scope", 0);
    }

    private static List<String> scopes(JWTClaimsSet claims) throws ParseException {
        var scope = claims.getStringClaim("scope");
        return scope == null || scope.isEmpty() ? List.of() : List.of(scope.split(" "));
    }
}
