package bank.identity;

import bank.identity.domain.AuditLog;
import bank.identity.domain.CappedEvents;
import bank.identity.domain.ClientProofs;
import bank.identity.domain.ClientRegistry;
import bank.identity.domain.ClientRules;
import bank.identity.domain.OAuthClients;
import bank.identity.keys.AccessTokens;
import bank.identity.keys.ClientAssertions;
import bank.identity.keys.ClientSecrets;
import bank.identity.keys.Vault;
import bank.identity.password.HashCost;
import bank.identity.password.PasswordHasher;
import bank.identity.password.RememberedSecrets;
import bank.identity.rpc.ClientAuthenticator;
import bank.identity.rpc.DeclaredScopes;
import bank.identity.rpc.LiveMutations;
import bank.identity.rpc.OAuthClientGrpcService;
import bank.identity.rpc.ServerMetadata;
import bank.identity.store.ClientAssertionStore;
import bank.identity.store.ClientRegistryStore;
import bank.identity.store.ClientStore;
import bank.identity.store.SessionStore;
import bank.platform.Platform;
import bank.platform.grpc.Call;
import java.time.Duration;
import java.util.Set;

/// OAuth clients, how they prove who they are, and their registry: wiring only.
///
/// @param clients gives clients their own tokens
/// @param authenticator tells which client calls
/// @param registry `OAuthClientService`
record ClientAccess(OAuthClients clients, ClientAuthenticator authenticator, OAuthClientGrpcService registry) {
    private static final int HASHINGS_MAX = 2;
    private static final Duration PURGE_PAUSE = Duration.ofMinutes(10);

    static ClientAccess of(
            Platform platform,
            LiveMutations mutations,
            String issuer,
            ClientStore clientStore,
            SessionStore sessionStore,
            AccessTokens accessTokens,
            AuditLog audit,
            CappedEvents capped,
            Vault vault,
            Duration hashingWaitMax) {
        var database = platform.database();
        var clock = platform.clock();
        var base = ServerMetadata.base(issuer);
        var secrets = new ClientSecrets(vault);
        // Turns of its own: wrong secrets of clients never make users wait.
        var hasher = new PasswordHasher(HashCost.OWASP, HASHINGS_MAX, () -> Call.timeLeft(hashingWaitMax));
        var clients = new OAuthClients(
                database, clientStore, new RememberedSecrets(hasher), secrets, accessTokens, capped, clock);
        var proofs = new ClientProofs(
                database,
                clients,
                clientStore,
                new ClientAssertions(Set.of(issuer, base + "/token", base + "/oauth2/token"), clock),
                new ClientAssertionStore(),
                audit,
                clock);
        platform.jobs().every("purge-client-assertions", PURGE_PAUSE, proofs::purge);
        var registry = new ClientRegistry(
                database, new ClientRegistryStore(), sessionStore, new ClientRules(DeclaredScopes.all()), audit, clock);
        return new ClientAccess(
                clients,
                new ClientAuthenticator(proofs),
                new OAuthClientGrpcService(registry, secrets, mutations, platform.pageTokens()));
    }
}
