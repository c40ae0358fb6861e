package bank.identity;

import bank.identity.domain.ApiVersions;
import bank.identity.domain.AuditLog;
import bank.identity.domain.ExternalIdentities;
import bank.identity.domain.FirstStart;
import bank.identity.domain.ForeignSessions;
import bank.identity.domain.ForeignUsers;
import bank.identity.domain.OAuthClients;
import bank.identity.domain.Registrations;
import bank.identity.domain.Sessions;
import bank.identity.domain.SignIns;
import bank.identity.domain.TokenExchanges;
import bank.identity.domain.Users;
import bank.identity.keys.AccessTokens;
import bank.identity.keys.ForeignTokens;
import bank.identity.keys.RefreshTokens;
import bank.identity.keys.SigningKeys;
import bank.identity.keys.VaultException;
import bank.identity.model.InitialAdmin;
import bank.identity.password.CommonPasswords;
import bank.identity.password.HashCost;
import bank.identity.password.PasswordHasher;
import bank.identity.password.PasswordRules;
import bank.identity.rpc.AuthGrpcService;
import bank.identity.rpc.ExternalIdentityGrpcService;
import bank.identity.rpc.ForeignExchange;
import bank.identity.rpc.IdentityStatuses;
import bank.identity.rpc.OAuthGrpcService;
import bank.identity.rpc.TokenEndpoint;
import bank.identity.rpc.TokenProofs;
import bank.identity.rpc.UserGrpcService;
import bank.identity.rpc.VersionGrpcService;
import bank.identity.store.ApiVersionStore;
import bank.identity.store.AuditStore;
import bank.identity.store.ClientStore;
import bank.identity.store.ExternalIdentityStore;
import bank.identity.store.ForeignSessionStore;
import bank.identity.store.PasswordStore;
import bank.identity.store.SessionStore;
import bank.identity.store.SigningKeyStore;
import bank.identity.store.UserStore;
import bank.platform.Platform;
import bank.platform.auth.DpopProofs;
import bank.platform.auth.PublicOrigin;
import bank.platform.config.InvalidSettingsException;
import bank.platform.grpc.Call;
import bank.platform.grpc.GrpcServer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// The server of identity-service: wiring only.
public final class IdentityServer implements AutoCloseable {
    private static final Duration REFRESH_RETRY = Duration.ofSeconds(30);
    private static final Duration KEYS_KEPT_MARGIN = Duration.ofMinutes(5);
    private static final Duration SESSIONS_PURGE_PAUSE = Duration.ofHours(6);
    private static final Duration HASHING_WAIT_MAX = Duration.ofSeconds(5);

    private final Platform platform;
    private final GrpcServer server;

    private IdentityServer(Platform platform, GrpcServer server) {
        this.platform = platform;
        this.server = server;
    }

    /// Opens the database, makes what the first start needs, and serves; it answers when this returns.
    ///
    /// @param tell told of the administrator whose password is set at this start, just before it is: it is
    ///     kept nowhere else. When the start ends before the password is set, or `tell` throws, the next one
    ///     tells another. Once it is set, only `bank.identity.admin-reset` gives a new one
    /// @throws bank.platform.config.InvalidSettingsException listing every problem
    public static IdentityServer start(IdentityConfig config, Clock clock, Consumer<InitialAdmin> tell) {
        var settings = IdentitySettings.of(config);
        var platform = Platform.open(config, "identity", clock);
        try {
            return serve(config, settings, platform, tell);
        } catch (RuntimeException e) {
            platform.close();
            throw e;
        }
    }

    private static IdentityServer serve(
            IdentityConfig config, IdentitySettings settings, Platform platform, Consumer<InitialAdmin> tell) {
        var database = platform.database();
        var clock = platform.clock();
        var userStore = new UserStore();
        var passwordStore = new PasswordStore();
        var sessionStore = new SessionStore();
        var clientStore = new ClientStore();

        var keys = new SigningKeys(
                database,
                new SigningKeyStore(),
                settings.vault(),
                clock,
                config.accessTokenLife().plus(KEYS_KEPT_MARGIN));
        var accessTokens = new AccessTokens(keys, config.tokens(), config.accessTokenLife(), clock);
        var refreshTokens = new RefreshTokens(settings.vault());
        var hasher = new PasswordHasher(HashCost.OWASP, settings.hashingsMax(), () -> Call.timeLeft(HASHING_WAIT_MAX));
        var rules =
                new PasswordRules(config.commonPasswordsAllowed() ? CommonPasswords.none() : CommonPasswords.load());

        var audit = new AuditLog(new AuditStore(), settings.vault(), clock);
        var registrations = new Registrations(userStore, passwordStore, hasher, rules, audit, clock, config.sandbox());
        var life = new Sessions.Life(config.sessionUnusedMax(), config.sessionTotalMax(), REFRESH_RETRY);
        var sessions = new Sessions(database, sessionStore, refreshTokens, accessTokens, life, audit, clock);
        platform.jobs().every("purge-sessions", SESSIONS_PURGE_PAUSE, sessions::purge);
        var signIns = new SignIns(database, passwordStore, hasher, sessions, audit);
        var users = new Users(database, userStore);
        var clients = new OAuthClients(database, clientStore, hasher, accessTokens);
        var firstStart = new FirstStart(database, userStore, passwordStore, sessionStore, clientStore, hasher, clock);

        var foreignTokens = new ForeignTokens(settings.issuers(), clock);
        var identityStore = new ExternalIdentityStore();
        var foreignSessionStore = new ForeignSessionStore();
        var exchanges = new TokenExchanges(
                database,
                foreignTokens,
                new ForeignUsers(userStore, identityStore, audit, clock),
                new ForeignSessions(foreignSessionStore, refreshTokens, audit, clock),
                accessTokens,
                audit);
        var identities = new ExternalIdentities(
                database, identityStore, userStore, foreignSessionStore, foreignTokens, audit, clock);
        var proofs = new TokenProofs(
                new DpopProofs(clock), PublicOrigin.of(config.tokens().issuer()));

        prepare(keys);
        firstStart.putClients(settings.clients());
        if (config.demo()) {
            firstStart.putDemo();
        }
        firstStart.putAdmin(settings.adminEmail(), config.adminReset(), tell);
        var server = platform.serve(
                config,
                keys,
                new IdentityStatuses(),
                List.of(
                        new AuthGrpcService(registrations, signIns, sessions, platform.mutations()),
                        new UserGrpcService(users),
                        new OAuthGrpcService(
                                new TokenEndpoint(clients, signIns, sessions, proofs, new ForeignExchange(exchanges)),
                                keys),
                        new ExternalIdentityGrpcService(identities, platform.mutations(), platform.pageTokens()),
                        new VersionGrpcService(new ApiVersions(database, new ApiVersionStore()), clock)));
        return new IdentityServer(platform, server);
    }

    private static void prepare(SigningKeys keys) {
        try {
            keys.prepare();
        } catch (VaultException e) {
            throw new InvalidSettingsException(List.of(String.valueOf(e.getMessage())));
        }
    }

    /// Port the server listens on.
    public int port() {
        return server.port();
    }

    /// Waits until the server has stopped.
    public void awaitTermination() throws InterruptedException {
        server.awaitTermination();
    }

    @Override
    public void close() {
        server.close();
        platform.close();
    }
}
