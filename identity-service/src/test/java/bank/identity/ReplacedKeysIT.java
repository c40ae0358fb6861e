package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.domain.AuditLog;
import bank.identity.domain.KeyRotations;
import bank.identity.keys.SealedKeys;
import bank.identity.keys.Vault;
import bank.identity.model.Caller;
import bank.identity.store.AuditStore;
import bank.identity.store.SigningKeyStore;
import bank.platform.auth.RemoteKeys;
import bank.platform.auth.ServiceToken;
import bank.platform.auth.TokenVerifier;
import bank.platform.db.Database;
import bank.platform.failure.FailureTranslator;
import bank.platform.grpc.Answer;
import bank.platform.grpc.Call;
import bank.platform.grpc.CallTimes;
import bank.platform.grpc.Channels;
import bank.platform.grpc.GrpcServer;
import bank.platform.telemetry.Tracing;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.DocumentHoldServiceGrpc;
import bank.v1.DocumentHoldServiceGrpc.DocumentHoldServiceBlockingStub;
import bank.v1.HoldDocumentRequest;
import bank.v1.HoldDocumentResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Services call each other by tokens of their own while keys are replaced: one gives tokens, one calls, and one is
/// called, which reads the keys of the first over gRPC.
final class ReplacedKeysIT {
    private static final String SECRET = "service-secret-16";

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final TestClock clock = new TestClock();
    private RunningIdentity identity;
    private ManagedChannel toIdentity;
    private Database database;
    private KeyRotations rotations;
    private GrpcServer called;
    private ManagedChannel toCalled;

    private static final class Holds extends DocumentHoldServiceGrpc.DocumentHoldServiceImplBase {
        @Override
        public void holdDocument(HoldDocumentRequest request, StreamObserver<HoldDocumentResponse> observer) {
            assertThat(Call.current().principal().name()).isEqualTo("client:contract-service");
            Answer.one(observer, HoldDocumentResponse.getDefaultInstance());
        }
    }

    @BeforeEach
    void start() {
        var stored = postgres.createDatabase();
        var settings = Map.of(
                "bank.identity.clients.contract-service.secret",
                SECRET,
                "bank.identity.clients.contract-service.scopes",
                "documents:hold");
        identity = RunningIdentity.start(stored, clock, settings);
        var config = RunningIdentity.config(stored, settings);
        database = Database.open(config.database(), "identity");
        var vault = new Vault(Base64.getDecoder().decode(config.keyEncryptionKey()));
        rotations = new KeyRotations(
                database,
                new SigningKeyStore(),
                new SealedKeys(vault),
                new AuditLog(new AuditStore(), vault, null, clock),
                new KeyRotations.Times(Duration.ofDays(90), IdentityServer.KEYS_PUBLISHED_BEFORE),
                clock);
        toIdentity = Channels.open("127.0.0.1:" + identity.server().port());
        called = GrpcServer.start(
                "127.0.0.1",
                0,
                CallTimes.DEFAULT,
                new TokenVerifier(config.tokens(), RemoteKeys.of(toIdentity), clock),
                FailureTranslator.none(),
                Tracing.off(),
                List.of(new Holds()));
        toCalled = Channels.open("127.0.0.1:" + called.port());
    }

    @AfterEach
    void stop() {
        toCalled.shutdownNow();
        called.close();
        toIdentity.shutdownNow();
        database.close();
        identity.close();
    }

    @Test
    void noCallFailsWhileTheNextKeyTakesItsTurn() {
        var calling = caller();
        rotations.makeNext(Caller.operator());
        // The publication, the turn, and the end of the last token of the old key.
        for (var step = 0; step < 60; step++) {
            hold(calling);
            clock.advance(Duration.ofSeconds(30));
            rotations.advance();
        }
        assertThat(rotations.list()).hasSize(2);
    }

    @Test
    void noCallFailsWhenTheKeyOfTheCallersTokenIsWithdrawn() {
        var calling = caller();
        hold(calling);

        rotations.withdrawAll(Caller.operator());
        // What the called one remembers of tokens and identity-service of keys is over.
        clock.advance(Duration.ofSeconds(21));
        // A token of the new key has the called one read the keys anew.
        hold(caller());

        hold(calling);
        assertThat(rotations.list()).hasSize(2);
    }

    @Test
    void callFailsForATokenNobodyRenews() {
        var kept = new ServiceToken(toIdentity, "contract-service", SECRET, clock).get();
        rotations.withdrawAll(Caller.operator());
        clock.advance(Duration.ofSeconds(21));
        hold(caller());

        assertThatCall(() -> hold(DocumentHoldServiceGrpc.newBlockingStub(Channels.asService(toCalled, () -> kept))))
                .fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
    }

    /// A service that has just started.
    private DocumentHoldServiceBlockingStub caller() {
        return DocumentHoldServiceGrpc.newBlockingStub(
                Channels.asService(toCalled, new ServiceToken(toIdentity, "contract-service", SECRET, clock)));
    }

    private static void hold(DocumentHoldServiceBlockingStub by) {
        assertThat(by.holdDocument(HoldDocumentRequest.newBuilder()
                        .setDocumentId(1)
                        .setHolder("contract:1")
                        .setGeneration(1)
                        .build()))
                .isNotNull();
    }
}
