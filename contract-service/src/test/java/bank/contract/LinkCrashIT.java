package bank.contract;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Channels;
import bank.platform.grpc.Headers;
import bank.testing.PostgresExtension;
import bank.testing.ServiceProcess;
import bank.v1.ContractServiceGrpc;
import bank.v1.ContractServiceGrpc.ContractServiceBlockingStub;
import bank.v1.LinkStatus;
import bank.v1.Role;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// contract-service in a process of its own, killed between the hold and the link, or the revocation
/// and the release, and started again.
class LinkCrashIT {
    private static final Duration START_MAX = Duration.ofSeconds(60);

    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.durable();

    private final AtomicReference<ServiceProcess> process = new AtomicReference<>();
    private TestIdentity identity;
    private TestDocuments documents;
    private ManagedChannel channel;
    private long document;

    @BeforeEach
    void start() {
        identity = new TestIdentity(Clock.systemUTC());
        documents = new TestDocuments(identity);
        document = documents.add(Scene.CLIENT, "Договор аренды");
        startProcess();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        process.get().close();
        documents.close();
        identity.close();
    }

    @Test
    void killedBetweenHoldAndLinkReleasesAfterRestart() throws Exception {
        var contract = Scene.contract(client()).getContractId();
        documents.after = this::killOnce;

        assertThatCall(() -> client().linkDocument(Scene.link(contract, document)))
                .hasCode(Code.UNAVAILABLE);
        assertThat(documents.held(contract, document)).isTrue();

        restart();
        Scene.await("released", () -> !documents.held(contract, document));
        client().linkDocument(Scene.link(contract, document));
        assertThat(documents.held(contract, document)).isTrue();
    }

    @Test
    void killedBetweenRevocationAndReleaseReleasesAfterRestart() throws Exception {
        var contract = Scene.contract(client()).getContractId();
        client().linkDocument(Scene.link(contract, document));
        documents.before = this::killOnce;

        assertThatCall(() -> client().setLinkStatus(Scene.status(contract, document, LinkStatus.LINK_STATUS_REVOKED)))
                .hasCode(Code.UNAVAILABLE);

        restart();
        Scene.await("released", () -> !documents.held(contract, document));
        Scene.await("settled", () -> Scene.tasks(postgres, document) == 0);
    }

    private void killOnce(long id, boolean held) {
        documents.before = TestDocuments.Fault.NONE;
        documents.after = TestDocuments.Fault.NONE;
        process.get().kill();
        TestDocuments.unavailable().strike(id, held);
    }

    private void restart() {
        channel.shutdownNow();
        startProcess();
    }

    private void startProcess() {
        var launch = ServiceProcess.ofMain(Main.class).heap("256m");
        Scene.settings(postgres, identity, documents)
                .forEach((name, value) ->
                        launch.environment(name.replaceAll("[^a-z0-9]", "_").toUpperCase(Locale.ROOT), value));
        launch.environment("BANK_CONTRACT_MEND_PATIENCE", "PT3S");
        process.set(launch.start());
        var ready = process.get().awaitLine(line -> line.startsWith("ready "), START_MAX);
        channel = Channels.open(ready.substring("ready ".length()));
    }

    private ContractServiceBlockingStub client() {
        return Scene.with(
                ContractServiceGrpc.newBlockingStub(channel),
                Headers.AUTHORIZATION,
                "Bearer " + identity.user(Scene.CLIENT, Role.ROLE_CLIENT));
    }
}
