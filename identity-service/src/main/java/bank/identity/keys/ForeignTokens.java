package bank.identity.keys;

import bank.identity.model.ForeignUser;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.PersonalName;
import bank.identity.model.Role;
import bank.identity.model.UserIssuer;
import bank.platform.auth.Issuer;
import bank.platform.auth.RemoteKeys;
import bank.platform.auth.TokenChecks;
import bank.platform.failure.FailureException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads access tokens of other issuers whose users are users here.
public final class ForeignTokens {
    private static final int SUBJECT_LENGTH_MAX = 255;
    private static final int SESSION_LENGTH_MAX = 255;
    private static final int NAME_LENGTH_MAX = 100;
    private static final int EMAIL_LENGTH_MAX = 254;

    private final Map<String, UserIssuer> issuers;
    private final TokenChecks tokens;
    private final Clock clock;

    /// @throws IllegalArgumentException when two issuers have the same URL
    public ForeignTokens(Collection<UserIssuer> issuers, Clock clock) {
        this.clock = clock;
        this.issuers = issuers.stream().collect(Collectors.toMap(UserIssuer::url, Function.identity()));
        this.tokens = new TokenChecks(issuers.stream().map(ForeignTokens::rules).toList(), clock);
    }

    private static Issuer rules(UserIssuer issuer) {
        return Issuer.ofUsers(
                issuer.url(),
                issuer.audience(),
                issuer.algorithms().stream().map(JWSAlgorithm::parse).collect(Collectors.toSet()),
                issuer.types(),
                issuer.keys().isEmpty()
                        ? RemoteKeys.discovered(issuer.url())
                        : RemoteKeys.of(URI.create(issuer.keys())));
    }

    /// The issuer is one whose users are users here.
    public boolean knows(String issuer) {
        return issuers.containsKey(issuer);
    }

    /// Whom a token speaks of.
    ///
    /// @throws IdentityException SubjectTokenRefused; Overloaded when the issuer's keys cannot be had
    public ForeignUser read(String token) {
        var checked = checked(token);
        if (!checked.end().isAfter(clock.instant().plusSeconds(1))) {
            throw refused("it has expired");
        }
        var issuer = issuers.get(checked.issuer().url());
        if (issuer == null) {
            throw refused("its issuer is unknown");
        }
        var claims = checked.claims();
        var subject = claims.getSubject();
        if (subject.isEmpty() || subject.length() > SUBJECT_LENGTH_MAX || subject.indexOf(0) >= 0) {
            throw refused("its subject is no name");
        }
        return new ForeignUser(
                issuer.url(),
                subject,
                role(issuer, claims).orElse(null),
                issuer.provision(),
                session(claims, token),
                checked.key(),
                issuedAt(claims),
                checked.end(),
                new PersonalName(
                        text(claims, "given_name", NAME_LENGTH_MAX), text(claims, "family_name", NAME_LENGTH_MAX), ""),
                text(claims, "email", EMAIL_LENGTH_MAX));
    }

    private static @Nullable Instant issuedAt(JWTClaimsSet claims) {
        var issued = claims.getIssueTime();
        return issued == null ? null : issued.toInstant();
    }

    private TokenChecks.Checked checked(String token) {
        try {
            return tokens.check(token);
        } catch (FailureException e) {
            throw switch (e.failure().reason()) {
                case "KEYS_UNAVAILABLE" -> new IdentityException(new IdentityFailure.Overloaded());
                case "TOKEN_EXPIRED" -> refused("it has expired");
                default -> refused("it is not valid");
            };
        }
    }

    /// The highest role that is given by what he is there.
    private static Optional<Role> role(UserIssuer issuer, JWTClaimsSet claims) {
        Object found = claims.getClaims();
        for (var name : issuer.rolesClaim()) {
            found = found instanceof Map<?, ?> object ? object.get(name) : null;
        }
        return names(found).stream()
                .map(issuer.roles()::get)
                .filter(role -> role != null)
                .max(Comparator.naturalOrder());
    }

    private static Collection<String> names(@Nullable Object claim) {
        return switch (claim) {
            case String one -> List.of(one);
            case Collection<?> several ->
                several.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList();
            case null, default -> List.of();
        };
    }

    private static String session(JWTClaimsSet claims, String token) {
        return claims.getClaim("sid") instanceof String sid && !sid.isEmpty() && sid.length() <= SESSION_LENGTH_MAX
                ? "sid " + sid
                : "token " + digest(token);
    }

    private static String text(JWTClaimsSet claims, String name, int lengthMax) {
        return claims.getClaim(name) instanceof String text && text.length() <= lengthMax && text.indexOf(0) < 0
                ? text
                : "";
    }

    private static String digest(String token) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static IdentityException refused(String why) {
        return new IdentityException(new IdentityFailure.SubjectTokenRefused(why));
    }
}
