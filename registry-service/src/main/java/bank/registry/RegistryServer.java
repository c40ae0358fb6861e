package bank.registry;

import bank.platform.Platform;
import bank.platform.auth.RemoteKeys;
import bank.platform.auth.ServiceToken;
import bank.platform.grpc.Channels;
import bank.platform.grpc.GrpcServer;
import bank.registry.RegistryConfig.RemoteConfig;
import bank.registry.client.HttpRegistry;
import bank.registry.client.SubjectClient;
import bank.registry.consumer.VerificationConsumer;
import bank.registry.domain.Appointments;
import bank.registry.domain.DeathNotices;
import bank.registry.domain.OwnRecords;
import bank.registry.domain.Patients;
import bank.registry.domain.Registries;
import bank.registry.domain.SandboxDeathNotice;
import bank.registry.domain.SandboxDiary;
import bank.registry.domain.Slots;
import bank.registry.domain.Taxpayers;
import bank.registry.domain.Verifications;
import bank.registry.domain.VerifiedPatients;
import bank.registry.events.RegistryEvents;
import bank.registry.model.Registry;
import bank.registry.rpc.HmrcGrpcService;
import bank.registry.rpc.NhsGrpcService;
import bank.registry.rpc.RegistryStatuses;
import bank.registry.store.AppointmentStore;
import bank.registry.store.DeathNoticeStore;
import bank.registry.store.SandboxPeople;
import bank.registry.store.SandboxRegistry;
import bank.registry.store.SlotStore;
import bank.registry.store.VerifiedPersonStore;
import io.grpc.ManagedChannel;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Wires registry-service, bottom up.
public final class RegistryServer implements AutoCloseable {
    // Slots are made days ahead, so that a run may well be missed.
    private static final Duration DIARY_PAUSE = Duration.ofHours(6);

    private final Platform platform;
    private final ManagedChannel identity;
    private final Deque<Runnable> parts = new ArrayDeque<>();
    private final GrpcServer server;

    /// Starts the service; it answers when this returns.
    ///
    /// @throws bank.platform.config.InvalidSettingsException when a setting is out of its range
    public static RegistryServer start(RegistryConfig config, Clock clock) {
        RegistrySettings.check(config);
        return new RegistryServer(config, Platform.open(config, "registry", clock));
    }

    private RegistryServer(RegistryConfig config, Platform platform) {
        this.platform = platform;
        this.identity = Channels.open(config.upstream().identity());
        try {
            this.server = serve(config);
        } catch (RuntimeException e) {
            closeParts();
            throw e;
        }
    }

    private GrpcServer serve(RegistryConfig config) {
        var database = platform.database();
        var clock = platform.clock();
        var slotStore = new SlotStore();
        var noticeStore = new DeathNoticeStore();
        var verifiedStore = new VerifiedPersonStore();
        var sandbox = new SandboxRegistry(database);
        var registries = new Registries(
                registry("nhs", config.nhs(), sandbox, clock), registry("hmrc", config.hmrc(), sandbox, clock));
        var events = new RegistryEvents(platform.events().outbox());

        var own = new OwnRecords(database, verifiedStore);
        var roll = config.nhs().url().isEmpty()
                ? sandbox
                : new VerifiedPatients(database, verifiedStore, registries.nhs());
        var patients = new Patients(registries.nhs(), roll, own);
        var slots = new Slots(database, slotStore, patients, clock);
        var appointments = new Appointments(database, new AppointmentStore(), slotStore, patients, events, clock);
        var taxpayers = new Taxpayers(database, registries.hmrc(), noticeStore, own);
        var notices = new DeathNotices(registries.hmrc(), noticeStore, events, clock);
        var verifications = new Verifications(
                subjects(config),
                registries,
                noticeStore,
                verifiedStore,
                events,
                RegistrySettings.sandboxes(config),
                clock);

        if (config.sandbox()) {
            fill(config, slotStore, notices);
        }
        var consumer = new VerificationConsumer(verifications, platform.events().deadLetters());
        platform.events().consume(consumer.requests());
        platform.events().consume(consumer.replays());
        return platform.serve(
                config,
                RemoteKeys.of(identity),
                new RegistryStatuses(),
                List.of(
                        new NhsGrpcService(patients, slots, appointments, platform.mutations(), platform.pageTokens()),
                        new HmrcGrpcService(taxpayers, notices, platform.mutations())));
    }

    private Registry registry(String name, RemoteConfig config, Registry sandbox, Clock clock) {
        return RegistrySettings.endpoint(name, config)
                .<Registry>map(endpoint -> {
                    var registry = new HttpRegistry(endpoint, clock);
                    parts.push(registry::close);
                    return registry;
                })
                .orElse(sandbox);
    }

    private SubjectClient subjects(RegistryConfig config) {
        var token = new ServiceToken(
                identity, config.upstream().clientId(), config.upstream().clientSecret(), platform.clock());
        return new SubjectClient(Channels.asService(identity, token));
    }

    private void fill(RegistryConfig config, SlotStore slots, DeathNotices notices) {
        var database = platform.database();
        database.inTransaction(tx -> {
            new SandboxPeople().enter(tx);
            return tx;
        });
        var diary = new SandboxDiary(database, slots, platform.clock());
        diary.fill();
        platform.jobs().every("fill-diary", DIARY_PAUSE, diary::fill);
        if (config.sandboxDeathNotice()) {
            var notice = SandboxDeathNotice.after(config.sandboxDeathNoticeDelay(), database, notices);
            parts.push(notice::close);
        }
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
        parts.forEach(Runnable::run);
        platform.close();
        identity.shutdownNow();
    }
}
