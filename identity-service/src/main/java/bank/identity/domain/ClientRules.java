package bank.identity.domain;

import bank.identity.keys.ClientKeys;
import bank.identity.model.ClientDetails;
import bank.identity.model.ClientType;
import bank.identity.model.Grant;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure.FieldInvalid;
import bank.identity.model.RedirectUri;
import bank.identity.model.UserScope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What administrators may say of an OAuth client.
public final class ClientRules {
    private static final Set<Grant> GIVEN =
            Set.of(Grant.CLIENT_CREDENTIALS, Grant.AUTHORIZATION_CODE, Grant.REFRESH_TOKEN);

    private final Set<String> scopes;

    /// @param scopes those there are
    public ClientRules(Set<String> scopes) {
        this.scopes = Set.copyOf(scopes);
    }

    /// The details in normal form.
    ///
    /// @throws IdentityException FieldInvalid
    ClientDetails normal(ClientType type, ClientDetails details) {
        requireGrants(type, details.grants());
        requireScopes(details);
        return new ClientDetails(
                details.name(),
                details.grants(),
                details.scopes(),
                redirectUris(details),
                keys(type, details.jwks()),
                details.dpopBound());
    }

    private static void requireGrants(ClientType type, Set<Grant> grants) {
        require(!grants.isEmpty(), "grants", "must be at least one");
        require(
                GIVEN.containsAll(grants),
                "grants",
                "must be of authorization_code, refresh_token, client_credentials");
        require(
                type != ClientType.PUBLIC || !grants.contains(Grant.CLIENT_CREDENTIALS),
                "grants",
                "client_credentials is for clients that prove who they are");
        require(
                grants.contains(Grant.AUTHORIZATION_CODE) || !grants.contains(Grant.REFRESH_TOKEN),
                "grants",
                "refresh_token goes with authorization_code");
        // It would be let by itself do what it is to ask each user for.
        require(
                !grants.contains(Grant.AUTHORIZATION_CODE) || !grants.contains(Grant.CLIENT_CREDENTIALS),
                "grants",
                "client_credentials does not go with authorization_code: register a client for each");
    }

    private void requireScopes(ClientDetails details) {
        var unknown = new TreeSet<>(details.scopes());
        unknown.removeAll(scopes);
        require(unknown.isEmpty(), "scopes", "there is no scope " + String.join(", ", unknown));
        // No user can be asked for them, and nobody else is.
        var own = new TreeSet<>(details.scopes());
        own.removeIf(UserScope::isForUsers);
        require(
                !details.grants().contains(Grant.AUTHORIZATION_CODE) || own.isEmpty(),
                "scopes",
                String.join(", ", own) + (own.size() == 1 ? " is" : " are") + " for clients that act for themselves");
    }

    private static List<String> redirectUris(ClientDetails details) {
        var code = details.grants().contains(Grant.AUTHORIZATION_CODE);
        require(
                code == !details.redirectUris().isEmpty(),
                "redirect_uris",
                code ? "authorization_code needs at least one" : "only authorization_code has any");
        var normal = new ArrayList<String>();
        for (var i = 0; i < details.redirectUris().size(); i++) {
            var field = "redirect_uris[" + i + "]";
            normal.add(RedirectUri.parse(details.redirectUris().get(i))
                    .orElseThrow(() -> invalid(
                            field,
                            "must be https, http to the loopback, or a scheme with a dot in it, without fragment, user,"
                                    + " * and dot segments"))
                    .value());
        }
        require(new HashSet<>(normal).size() == normal.size(), "redirect_uris", "names one place twice");
        return normal;
    }

    private static @Nullable String keys(ClientType type, @Nullable String jwks) {
        if (type != ClientType.KEYS) {
            require(jwks == null || jwks.isEmpty(), "jwks", "only a client of type keys has any");
            return null;
        }
        require(jwks != null && !jwks.isEmpty(), "jwks", "a client of type keys needs them");
        return jwks == null ? null : ClientKeys.normal(jwks);
    }

    private static void require(boolean holds, String field, String description) {
        if (!holds) {
            throw invalid(field, description);
        }
    }

    private static IdentityException invalid(String field, String description) {
        return new IdentityException(new FieldInvalid(field, description));
    }
}
