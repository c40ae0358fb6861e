package bank.document;

import bank.document.blob.BlobStore;
import bank.document.blob.S3BlobStore;
import bank.document.client.UserDirectory;
import bank.document.content.Recognition;
import bank.document.content.Spool;
import bank.document.domain.Categories;
import bank.document.domain.DocumentHolds;
import bank.document.domain.DocumentJournal;
import bank.document.domain.DocumentLists;
import bank.document.domain.DocumentReviews;
import bank.document.domain.DocumentWatches;
import bank.document.domain.Documents;
import bank.document.domain.Downloads;
import bank.document.domain.IntegrityChecks;
import bank.document.domain.PresignedUploads;
import bank.document.domain.StoredObjects;
import bank.document.domain.Uploads;
import bank.document.events.DocumentEvents;
import bank.document.events.UserDeaths;
import bank.document.rpc.BatchStream;
import bank.document.rpc.DocumentGrpcService;
import bank.document.rpc.DocumentHoldGrpcService;
import bank.document.rpc.DocumentReviewGrpcService;
import bank.document.rpc.DocumentStatuses;
import bank.document.rpc.Intake;
import bank.document.rpc.PresignedCalls;
import bank.document.rpc.WatchStream;
import bank.document.store.CategoryStore;
import bank.document.store.DeceasedUserStore;
import bank.document.store.DocumentLogStore;
import bank.document.store.DocumentSearch;
import bank.document.store.DocumentStore;
import bank.document.store.HoldStore;
import bank.document.store.IntegrityStore;
import bank.document.store.ObjectClaimStore;
import bank.document.store.PresignedUploadStore;
import bank.document.store.VersionStore;
import bank.platform.Platform;
import bank.platform.auth.RemoteKeys;
import bank.platform.auth.ServiceToken;
import bank.platform.events.Subscription;
import bank.platform.grpc.Channels;
import bank.platform.grpc.GrpcServer;
import bank.v1.UserStatusChanged;
import io.grpc.ManagedChannel;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Wires document-service, bottom up.
public final class DocumentServer implements AutoCloseable {
    private static final Duration FORGET_PAUSE = Duration.ofMinutes(10);

    private final Deque<Runnable> closings = new ArrayDeque<>();
    private final GrpcServer server;

    /// Starts the service; it answers when this returns.
    ///
    /// @throws bank.platform.config.InvalidSettingsException listing every setting out of its range
    public static DocumentServer start(DocumentConfig config, Clock clock) {
        DocumentSettings.check(config);
        return new DocumentServer(config, clock);
    }

    private DocumentServer(DocumentConfig config, Clock clock) {
        try {
            var platform = Platform.open(config, "document", clock);
            closings.push(platform::close);
            var identity = Channels.open(config.upstream().identity());
            closings.push(identity::shutdownNow);
            var blobs = S3BlobStore.open(
                    DocumentSettings.location(config.s3()), config.upload().timeMax());
            closings.push(blobs::close);
            var spool = Spool.open(DocumentSettings.spool(config.upload()));
            closings.push(spool::close);
            var watches = watches(config.watch(), platform);
            closings.push(watches::close);
            server = serve(config, platform, identity, blobs, spool, watches);
            closings.push(server::close);
            // First, for the server waits for calls to end, and those who watch end none.
            closings.push(watches::close);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static DocumentWatches watches(DocumentConfig.WatchConfig config, Platform platform) {
        return new DocumentWatches(
                platform.database(),
                new DocumentLogStore(),
                platform.events()::listen,
                platform.clock(),
                new DocumentWatches.Limits(config.atOnceMax(), config.callerAtOnceMax(), config.kept()));
    }

    private static GrpcServer serve(
            DocumentConfig config,
            Platform platform,
            ManagedChannel identity,
            BlobStore blobs,
            Spool spool,
            DocumentWatches watches) {
        var database = platform.database();
        var clock = platform.clock();
        var upload = config.upload();
        var documentStore = new DocumentStore();
        var logStore = new DocumentLogStore();
        var versionStore = new VersionStore();
        var holdStore = new HoldStore();

        var token = new ServiceToken(
                identity, config.upstream().clientId(), config.upstream().clientSecret(), clock);
        var users = new UserDirectory(Channels.asService(identity, token));
        var categories = new Categories(database, new CategoryStore());
        var objects = new StoredObjects(database, new ObjectClaimStore(), blobs, clock, upload.grace());
        var journal = new DocumentJournal(
                documentStore, logStore, new DocumentEvents(platform.events().outbox()));
        var documents = new Documents(database, documentStore, journal, holdStore, categories, objects, clock);
        var lists = new DocumentLists(database, documents, new DocumentSearch(), versionStore);
        var reviews = new DocumentReviews(documentStore, journal, users, clock);
        var holds = new DocumentHolds(documentStore, holdStore);
        var uploads = new Uploads(
                spool,
                new Recognition(),
                DocumentSettings.scanner(config.clamav()),
                clock,
                new Uploads.Limits(
                        upload.timeMax(), upload.silenceMax(), upload.atOnceMax(), upload.callerAtOnceMax()));
        var presigned = new PresignedUploads(
                database,
                new PresignedUploadStore(),
                categories,
                objects,
                uploads,
                blobs,
                clock,
                new PresignedUploads.Limits(
                        upload.presignedBytesMax(), upload.presignedOpenMax(), upload.timeMax(), upload.grace()));
        var downloads = new Downloads(database, documents, versionStore, blobs, config.linkTime());
        var integrity = new IntegrityChecks(
                database,
                new IntegrityStore(),
                blobs,
                clock,
                config.integrity().age(),
                config.integrity().batch());

        platform.jobs().every("reap-uploads", config.reaperPause(), () -> {
            presigned.forgetExpired();
            objects.sweep();
        });
        platform.jobs().every("check-integrity", config.integrity().pause(), integrity::run);
        platform.jobs().every("forget-changes", FORGET_PAUSE, watches::forgetOld);
        platform.events()
                .consume(Subscription.of("document-service.user-status")
                        .on(UserStatusChanged.getDefaultInstance(), new UserDeaths(new DeceasedUserStore())));

        var mutations = platform.mutations();
        var statuses = new DocumentStatuses();
        var intake = new Intake(mutations, uploads, objects);
        return platform.serve(
                config,
                RemoteKeys.of(identity),
                statuses,
                List.of(
                        new DocumentGrpcService(
                                documents,
                                lists,
                                categories,
                                intake,
                                new PresignedCalls(presigned, documents, intake),
                                downloads,
                                platform.pageTokens(),
                                upload.bytesMax()),
                        new DocumentReviewGrpcService(
                                documents,
                                lists,
                                reviews,
                                categories,
                                new WatchStream.Parts(
                                        watches,
                                        statuses,
                                        config.watch().heartbeat(),
                                        config.watch().stallMax()),
                                new BatchStream.Parts(
                                        intake,
                                        documents,
                                        categories,
                                        users,
                                        statuses,
                                        upload.batchFilesMax(),
                                        upload.batchBytesMax(),
                                        upload.bytesMax()),
                                mutations,
                                platform.pageTokens()),
                        new DocumentHoldGrpcService(holds, mutations)));
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
        while (!closings.isEmpty()) {
            closings.pop().run();
        }
    }
}
