package bank.contract;

import bank.contract.client.DocumentClient;
import bank.contract.client.HoldClient;
import bank.contract.client.UserClient;
import bank.contract.domain.ContractLinks;
import bank.contract.domain.Contracts;
import bank.contract.domain.LinkTasks;
import bank.contract.events.ContractEvents;
import bank.contract.rpc.ContractGrpcService;
import bank.contract.rpc.ContractStatuses;
import bank.contract.store.ContractStore;
import bank.contract.store.LinkStore;
import bank.contract.store.LinkTaskStore;
import bank.platform.Platform;
import bank.platform.auth.RemoteKeys;
import bank.platform.auth.ServiceToken;
import bank.platform.config.Ranges;
import bank.platform.grpc.Channels;
import bank.platform.grpc.GrpcServer;
import bank.platform.grpc.PossessionCheck;
import io.grpc.ManagedChannel;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// Wires contract-service, bottom up.
public final class ContractServer implements AutoCloseable {
    private final Platform platform;
    private final ManagedChannel identity;
    private final ManagedChannel documents;
    private final GrpcServer server;

    /// Starts the service; it answers when this returns.
    ///
    /// @throws bank.platform.config.InvalidSettingsException when a setting is out of its range
    public static ContractServer start(ContractConfig config, Clock clock) {
        Ranges.of("bank.contract", config)
                .addresses("upstream.identity", config.upstream().identity())
                .addresses("documents", config.documents())
                .within("mend.pause", config.mend().pause(), Duration.ofMillis(100), Duration.ofHours(1))
                .within("mend.patience", config.mend().patience(), Duration.ofSeconds(1), Duration.ofHours(1))
                .check();
        return new ContractServer(config, Platform.open(config, "contract", clock));
    }

    private ContractServer(ContractConfig config, Platform platform) {
        this.platform = platform;
        this.identity = Channels.open(config.upstream().identity());
        this.documents = Channels.open(config.documents());
        try {
            this.server = serve(config);
        } catch (RuntimeException e) {
            closeParts();
            throw e;
        }
    }

    private GrpcServer serve(ContractConfig config) {
        var database = platform.database();
        var clock = platform.clock();
        var token = new ServiceToken(
                identity, config.upstream().clientId(), config.upstream().clientSecret(), clock);
        var forwarding = new ServiceToken(
                identity,
                config.upstream().clientId(),
                config.upstream().clientSecret(),
                PossessionCheck.FORWARDING,
                clock);
        var users = new UserClient(Channels.asService(identity, token));
        var holds = new HoldClient(Channels.asService(documents, token));
        var contractStore = new ContractStore();
        var linkStore = new LinkStore();

        var events = new ContractEvents(platform.events().outbox());

        var contracts = new Contracts(database, contractStore, users, events, clock);
        var tasks = new LinkTasks(
                database,
                contractStore,
                linkStore,
                new LinkTaskStore(),
                holds,
                clock,
                config.mend().patience());
        var links = new ContractLinks(
                database,
                contracts,
                linkStore,
                tasks,
                events,
                new DocumentClient(Channels.asCaller(documents, forwarding)),
                holds,
                clock);

        platform.jobs().every("mend-links", config.mend().pause(), tasks::mend);
        return platform.serve(
                config,
                RemoteKeys.of(identity),
                new ContractStatuses(),
                List.of(new ContractGrpcService(contracts, links, tasks, platform.mutations(), platform.pageTokens())));
    }

    /// Port the service listens on.
    public int port() {
        return server.port();
    }

    /// Waits until the service has stopped.
    public void awaitTermination() throws InterruptedException {
        server.awaitTermination();
    }

    /// Takes no new calls, lets the running ones end, and lets go of everything.
    @Override
    public void close() {
        server.close();
        closeParts();
    }

    private void closeParts() {
        platform.close();
        documents.shutdownNow();
        identity.shutdownNow();
    }
}
