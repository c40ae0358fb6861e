package bank.identity;

import bank.identity.domain.ApiVersions;
import bank.identity.domain.AuditEvents;
import bank.identity.domain.AuditLog;
import bank.identity.domain.Authorizations;
import bank.identity.domain.CappedEvents;
import bank.identity.domain.CodeExchange;
import bank.identity.domain.ExternalIdentities;
import bank.identity.domain.FirstStart;
import bank.identity.domain.ForeignSessions;
import bank.identity.domain.ForeignUsers;
import bank.identity.domain.KeyRotations;
import bank.identity.domain.LiveCallers;
import bank.identity.domain.PasswordChecks;
import bank.identity.domain.RegistrationThrottle;
import bank.identity.domain.Sessions;
import bank.identity.domain.SignInPauses;
import bank.identity.domain.SignInThrottle;
import bank.identity.domain.SignIns;
import bank.identity.domain.TokenExchanges;
import bank.identity.domain.TokenIntrospections;
import bank.identity.domain.TokenRevocations;
import bank.identity.events.IdentityEvents;
import bank.identity.keys.AccessTokens;
import bank.identity.keys.AuthorizationCodes;
import bank.identity.keys.ForeignTokens;
import bank.identity.keys.IdTokens;
import bank.identity.keys.IssuedTokens;
import bank.identity.keys.RefreshTokens;
import bank.identity.keys.SealedKeys;
import bank.identity.keys.SignInForms;
import bank.identity.keys.SigningKeys;
import bank.identity.keys.VaultException;
import bank.identity.model.InitialAdmin;
import bank.identity.password.CommonPasswords;
import bank.identity.password.HashCost;
import bank.identity.password.PasswordHasher;
import bank.identity.password.PasswordRules;
import bank.identity.rpc.AuditGrpcService;
import bank.identity.rpc.AuthGrpcService;
import bank.identity.rpc.AuthorizationEndpoint;
import bank.identity.rpc.ExternalIdentityGrpcService;
import bank.identity.rpc.ForeignExchange;
import bank.identity.rpc.IdentityStatuses;
import bank.identity.rpc.IntrospectionEndpoint;
import bank.identity.rpc.LiveMutations;
import bank.identity.rpc.OAuthGrpcService;
import bank.identity.rpc.Proxies;
import bank.identity.rpc.RevocationEndpoint;
import bank.identity.rpc.ServerMetadata;
import bank.identity.rpc.SignInGrpcService;
import bank.identity.rpc.TokenEndpoint;
import bank.identity.rpc.TokenProofs;
import bank.identity.rpc.UserInfoEndpoint;
import bank.identity.rpc.VersionGrpcService;
import bank.identity.store.ApiVersionStore;
import bank.identity.store.AuditStore;
import bank.identity.store.ClientStore;
import bank.identity.store.CodeStore;
import bank.identity.store.ExternalIdentityStore;
import bank.identity.store.ForeignSessionStore;
import bank.identity.store.LiveSessionStore;
import bank.identity.store.MemberStore;
import bank.identity.store.PasswordStore;
import bank.identity.store.SessionStore;
import bank.identity.store.SignInCounterStore;
import bank.identity.store.SigningKeyStore;
import bank.identity.store.UserStore;
import bank.platform.Platform;
import bank.platform.auth.DpopProofs;
import bank.platform.auth.PublicOrigin;
import bank.platform.auth.TokenVerifier;
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
    /// For as long as others keep the keys they know (RemoteKeys, and caches between), and a margin.
    static final Duration KEYS_PUBLISHED_BEFORE = Duration.ofMinutes(10);

    private static final Duration ROTATION_PAUSE = Duration.ofMinutes(1);
    private static final Duration SESSIONS_PURGE_PAUSE = Duration.ofHours(6);
    private static final Duration CODES_PURGE_PAUSE = Duration.ofHours(1);
    private static final int REGISTRATION_HASHINGS_MAX = 2;
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
        var memberStore = new MemberStore();

        var keyStore = new SigningKeyStore();
        var sealedKeys = new SealedKeys(settings.vault());
        var keys = new SigningKeys(
                database, keyStore, sealedKeys, clock, config.accessTokenLife().plus(KEYS_KEPT_MARGIN));
        var accessTokens = new AccessTokens(keys, config.tokens(), config.accessTokenLife(), clock);
        var refreshTokens = new RefreshTokens(settings.vault());
        var hasher = new PasswordHasher(HashCost.OWASP, settings.hashingsMax(), () -> Call.timeLeft(HASHING_WAIT_MAX));
        var rules =
                new PasswordRules(config.commonPasswordsAllowed() ? CommonPasswords.none() : CommonPasswords.load());

        var events = new IdentityEvents(platform.events().outbox());
        var auditStore = new AuditStore();
        var audit = new AuditLog(auditStore, settings.vault(), events, clock);
        var rotations = new KeyRotations(
                database,
                keyStore,
                sealedKeys,
                audit,
                new KeyRotations.Times(config.signingKeyLife(), KEYS_PUBLISHED_BEFORE),
                clock);
        platform.jobs().every("rotate-signing-keys", ROTATION_PAUSE, rotations::advance);
        var counterStore = new SignInCounterStore();
        var registrationThrottle = new RegistrationThrottle(
                database,
                counterStore,
                settings.vault(),
                settings.addressRegistrationsMax(),
                audit,
                () -> Call.timeLeft(HASHING_WAIT_MAX),
                clock);
        // Turns of their own: whoever registers makes nobody wait who signs in.
        var registrationHasher =
                new PasswordHasher(HashCost.OWASP, REGISTRATION_HASHINGS_MAX, () -> Call.timeLeft(HASHING_WAIT_MAX));
        var capped = new CappedEvents(database, audit, clock);
        var life = new Sessions.Life(config.sessionUnusedMax(), config.sessionTotalMax(), REFRESH_RETRY);
        var sessions = new Sessions(
                database, sessionStore, memberStore, refreshTokens, accessTokens, life, audit, capped, clock);
        platform.jobs().every("purge-sessions", SESSIONS_PURGE_PAUSE, sessions::purge);
        var throttle = new SignInThrottle(
                database,
                counterStore,
                userStore,
                settings.vault(),
                new SignInThrottle.Limits(
                        config.accountFailuresMax(), config.addressFailuresMax(), config.signInPauseMax()),
                audit,
                () -> Call.timeLeft(HASHING_WAIT_MAX),
                clock);
        platform.jobs().every("purge-sign-in-counters", SESSIONS_PURGE_PAUSE, throttle::purge);
        var hasherInPause = new PasswordHasher(
                HashCost.OWASP, SignInThrottle.TRIED_AT_ONCE_MAX, () -> Call.timeLeft(HASHING_WAIT_MAX));
        var checks =
                new PasswordChecks(database, passwordStore, hasher, hasherInPause, throttle, settings.vault(), audit);
        var signIns = new SignIns(database, checks, passwordStore, hasher, sessions, audit);
        var codeStore = new CodeStore();
        var authorizations = new Authorizations(
                database,
                clientStore,
                codeStore,
                signIns,
                new AuthorizationCodes(),
                new SignInForms(settings.vault()),
                audit,
                clock);
        var issuer = config.tokens().issuer();
        var idTokens = new IdTokens(keys, issuer, config.accessTokenLife(), clock);
        var codes = new CodeExchange(database, codeStore, clientStore, sessions, idTokens, capped, clock);
        platform.jobs().every("purge-authorization-codes", CODES_PURGE_PAUSE, codes::purge);
        var liveSessionStore = new LiveSessionStore();
        var callers = new LiveCallers(liveSessionStore, clientStore, life, clock);
        var mutations = new LiveMutations(platform.mutations(), callers);
        var administration = Administration.of(
                platform,
                userStore,
                passwordStore,
                sessionStore,
                memberStore,
                checks,
                throttle,
                hasher,
                registrationHasher,
                registrationThrottle,
                rules,
                life,
                callers,
                events,
                audit,
                settings.vault());
        var onboarding = Onboarding.of(
                config,
                platform,
                userStore,
                passwordStore,
                registrationHasher,
                registrationThrottle,
                rules,
                administration,
                mutations,
                events,
                audit);
        platform.events().consume(onboarding.registries().verifications());
        platform.events().consume(onboarding.registries().deaths());
        var access = ClientAccess.of(
                platform,
                mutations,
                issuer,
                clientStore,
                sessionStore,
                accessTokens,
                audit,
                capped,
                settings.vault(),
                HASHING_WAIT_MAX);
        var issued = new IssuedTokens(keys, config.tokens(), clock);
        var revocations = new TokenRevocations(database, sessionStore, refreshTokens, issued, audit, clock);
        var introspections =
                new TokenIntrospections(database, liveSessionStore, clientStore, refreshTokens, issued, life, clock);
        var firstStart = new FirstStart(
                database, userStore, passwordStore, sessionStore, clientStore, throttle, hasher, events, audit, clock);

        var foreignTokens = new ForeignTokens(settings.issuers(), clock);
        var identityStore = new ExternalIdentityStore();
        var foreignSessionStore = new ForeignSessionStore();
        var exchanges = new TokenExchanges(
                database,
                foreignTokens,
                new ForeignUsers(userStore, identityStore, sessionStore, administration.lastAdmin(), clock),
                new ForeignSessions(foreignSessionStore, refreshTokens, life, clock),
                memberStore,
                accessTokens,
                audit,
                clock);
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
                new Proxies(settings.proxies())
                        .before(List.of(
                                new AuthGrpcService(
                                        onboarding.registrations(),
                                        signIns,
                                        sessions,
                                        administration.passwords(),
                                        platform.mutations(),
                                        administration.repeats()),
                                administration.users(),
                                administration.sessions(),
                                administration.organizations(),
                                new SignInGrpcService(
                                        new SignInPauses(throttle, registrationThrottle, userStore, audit), mutations),
                                new AuditGrpcService(
                                        new AuditEvents(database, auditStore, audit), platform.pageTokens()),
                                new OAuthGrpcService(
                                        new TokenEndpoint(
                                                access.clients(),
                                                access.authenticator(),
                                                signIns,
                                                sessions,
                                                codes,
                                                proofs,
                                                new ForeignExchange(exchanges)),
                                        new AuthorizationEndpoint(authorizations, issuer),
                                        new UserInfoEndpoint(
                                                new TokenVerifier(config.tokens(), keys, clock),
                                                proofs,
                                                administration.people()),
                                        new RevocationEndpoint(access.authenticator(), revocations),
                                        new IntrospectionEndpoint(access.authenticator(), introspections, issuer),
                                        keys,
                                        new ServerMetadata(issuer)),
                                access.registry(),
                                onboarding.verifications(),
                                new ExternalIdentityGrpcService(identities, mutations, platform.pageTokens()),
                                new VersionGrpcService(new ApiVersions(database, new ApiVersionStore()), clock))));
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
