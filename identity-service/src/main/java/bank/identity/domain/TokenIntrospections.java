package bank.identity.domain;

import bank.identity.keys.IssuedTokens;
import bank.identity.keys.RefreshTokens;
import bank.identity.model.Grant;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.IssuedToken;
import bank.identity.model.OAuthClient;
import bank.identity.model.Role;
import bank.identity.model.TokenState;
import bank.identity.store.ClientStore;
import bank.identity.store.LiveSessionStore;
import bank.identity.store.LiveSessionStore.Live;
import bank.platform.db.Database;
import java.time.Clock;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// Whether tokens hold (RFC 7662): at once false when the session has ended, the user may not sign in or has another
/// role, the client is gone or has lost a scope. Why, nobody is told.
public final class TokenIntrospections {
    /// Scope of clients that may ask about tokens of others.
    public static final String SCOPE = "tokens:introspect";

    private final Database database;
    private final LiveSessionStore sessions;
    private final ClientStore clients;
    private final RefreshTokens refreshTokens;
    private final IssuedTokens issued;
    private final Sessions.Life life;
    private final Clock clock;

    /// @param life how long sessions live
    public TokenIntrospections(
            Database database,
            LiveSessionStore sessions,
            ClientStore clients,
            RefreshTokens refreshTokens,
            IssuedTokens issued,
            Sessions.Life life,
            Clock clock) {
        this.database = database;
        this.sessions = sessions;
        this.clients = clients;
        this.refreshTokens = refreshTokens;
        this.issued = issued;
        this.life = life;
        this.clock = clock;
    }

    /// What a token allows; empty when it does not hold, or is none the client may ask about.
    ///
    /// @param asking client that asks, which proved who it is
    /// @throws IdentityException ClientRefused when it keeps no secret and no key
    public Optional<TokenState> of(OAuthClient asking, String token) {
        if (!asking.confidential()) {
            throw new IdentityException(new IdentityFailure.ClientRefused());
        }
        var claim = refreshTokens.read(token);
        if (claim.isPresent()) {
            return live(claim.get().session())
                    .filter(session -> mayAsk(asking, session.clientId()))
                    .filter(session -> claim.get().generation() == session.generation()
                            && refreshTokens.genuine(claim.get(), session.secret()))
                    .map(this::refresh);
        }
        return issued.read(token)
                .filter(access -> mayAsk(asking, access.clientId()))
                .filter(this::holds)
                .map(TokenState.Access::new);
    }

    private static boolean mayAsk(OAuthClient asking, String clientId) {
        return asking.id().equals(clientId) || asking.actsForItself(SCOPE);
    }

    private boolean holds(IssuedToken access) {
        var sid = access.session();
        if (sid == null) {
            return database.read(session -> clients.find(session, access.clientId()))
                    .map(ClientStore.Stored::client)
                    .filter(client -> client.grants().contains(Grant.CLIENT_CREDENTIALS))
                    .filter(client -> client.scopes().containsAll(scopes(access)))
                    .isPresent();
        }
        return id(sid).flatMap(this::live)
                .filter(session -> session.clientId().equals(access.clientId())
                        && Long.toString(session.userId()).equals(access.subject())
                        && given(session).anyMatch(role -> List.of(role.claim()).equals(access.roles())))
                .isPresent();
    }

    /// The roles a token of the session may have now: that of its user, or less where another issuer gives
    /// him less and no more than it gave him last.
    private static Stream<Role> given(Live session) {
        var last = session.foreignRole();
        return Arrays.stream(Role.values())
                .filter(role -> role == session.role() || (session.foreign() && role.compareTo(session.role()) < 0))
                .filter(role -> last == null || role.compareTo(last) <= 0);
    }

    private Optional<Live> live(UUID id) {
        var now = clock.instant();
        return database.read(reading -> sessions.find(reading, id, now.minus(life.unused()), now.minus(life.total())));
    }

    private TokenState refresh(Live session) {
        return new TokenState.Refresh(
                Long.toString(session.userId()),
                session.clientId(),
                session.id().toString(),
                List.of(session.role().claim()),
                session.rotatedAt(),
                Collections.min(List.of(
                        session.lastUsedAt().plus(life.unused()),
                        session.createdAt().plus(life.total()))));
    }

    private static Set<String> scopes(IssuedToken access) {
        return access.scope() == null || access.scope().isEmpty()
                ? Set.of()
                : Set.of(access.scope().split(" "));
    }

    private static Optional<UUID> id(String sid) {
        try {
            return Optional.of(UUID.fromString(sid));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
