package bank.identity.rpc;

import bank.identity.domain.Users;
import bank.identity.model.IdentityException;
import bank.identity.model.Sex;
import bank.identity.model.User;
import bank.identity.model.UserScope;
import bank.identity.model.UserStatus;
import bank.platform.auth.Principal;
import bank.platform.auth.TokenVerifier;
import bank.platform.failure.FailureException;
import bank.v1.RawHttpRequest;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.id.Subject;
import com.nimbusds.oauth2.sdk.token.BearerTokenError;
import com.nimbusds.openid.connect.sdk.claims.Address;
import com.nimbusds.openid.connect.sdk.claims.Gender;
import com.nimbusds.openid.connect.sdk.claims.UserInfo;
import io.grpc.Status;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The userinfo endpoint (OpenID Connect Core 1.0, section 5.3): what the scopes of an access token tell of its user.
/// The token comes in the `Authorization` header alone (RFC 6750).
public final class UserInfoEndpoint {
    private static final String SCHEME = "Bearer ";
    private static final String PARAMETER = "access_token";

    private final TokenVerifier tokens;
    private final Users users;

    /// @param tokens checks access tokens
    public UserInfoEndpoint(TokenVerifier tokens, Users users) {
        this.tokens = tokens;
        this.users = users;
    }

    OAuthAnswer answer(RawHttpRequest raw) {
        var headers = RawRequests.headers(raw, "authorization");
        if (headers.size() > 1
                || RawRequests.query(raw).containsKey(PARAMETER)
                || (RawRequests.hasForm(raw) && RawRequests.form(raw).containsKey(PARAMETER))) {
            return OAuthAnswer.bearerError(BearerTokenError.INVALID_REQUEST.setDescription(
                    "the access token comes in one Authorization header alone"));
        }
        if (headers.isEmpty() || !headers.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return OAuthAnswer.bearerError(BearerTokenError.MISSING_TOKEN);
        }
        Principal bearer;
        try {
            bearer = tokens.verify(headers.getFirst().substring(SCHEME.length()).strip());
        } catch (FailureException e) {
            if (e.failure().code() != Status.Code.UNAUTHENTICATED) {
                throw e;
            }
            return OAuthAnswer.bearerError(BearerTokenError.INVALID_TOKEN);
        }
        if (!(bearer instanceof Principal.User user) || !allows(user, UserScope.OPENID)) {
            return OAuthAnswer.bearerError(
                    BearerTokenError.INSUFFICIENT_SCOPE.setScope(new Scope(UserScope.OPENID.value())));
        }
        return found(user)
                .map(known ->
                        OAuthAnswer.json(claims(known, user).toJSONObject().toJSONString()))
                .orElseGet(() -> OAuthAnswer.bearerError(BearerTokenError.INVALID_TOKEN));
    }

    private Optional<User> found(Principal.User user) {
        try {
            return Optional.of(users.me(user)).filter(known -> known.status() == UserStatus.ACTIVE);
        } catch (IdentityException e) {
            return Optional.empty();
        }
    }

    private static UserInfo claims(User user, Principal.User bearer) {
        var claims = new UserInfo(new Subject(Long.toString(user.id())));
        if (allows(bearer, UserScope.PROFILE)) {
            var name = user.name();
            claims.setName(text(Stream.of(name.first(), name.middle(), name.last())
                    .filter(part -> !part.isEmpty())
                    .collect(Collectors.joining(" "))));
            claims.setGivenName(text(name.first()));
            claims.setMiddleName(text(name.middle()));
            claims.setFamilyName(text(name.last()));
            claims.setBirthdate(user.birthday() == null ? null : Objects.toString(user.birthday()));
            if (user.sex() != Sex.UNKNOWN) {
                claims.setGender(user.sex() == Sex.MALE ? Gender.MALE : Gender.FEMALE);
            }
        }
        if (allows(bearer, UserScope.EMAIL)) {
            claims.setEmailAddress(user.email().value());
            claims.setEmailVerified(false);
        }
        if (allows(bearer, UserScope.PHONE) && !user.phoneNumber().isEmpty()) {
            claims.setPhoneNumber(user.phoneNumber());
            claims.setPhoneNumberVerified(false);
        }
        if (allows(bearer, UserScope.ADDRESS) && !user.address().isEmpty()) {
            var address = new Address();
            address.setFormatted(user.address());
            claims.setAddress(address);
        }
        return claims;
    }

    /// A client of the bank itself may know whatever its user may.
    private static boolean allows(Principal.User bearer, UserScope scope) {
        Set<String> scopes = bearer.scopes();
        return scopes == null || scopes.contains(scope.value());
    }

    private static @Nullable String text(String text) {
        return text.isEmpty() ? null : text;
    }
}
