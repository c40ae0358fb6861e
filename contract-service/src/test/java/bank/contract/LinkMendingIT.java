package bank.contract;

import static bank.testing.StatusAssert.assertThatCall;
import static bank.testing.StatusAssert.assertThatFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import bank.platform.failure.Failure;
import bank.testing.ExpectedLog;
import bank.testing.PostgresExtension;
import bank.v1.ContractStatus;
import bank.v1.LinkStatus;
import bank.v1.ListContractDocumentsRequest;
import bank.v1.SetContractStatusRequest;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Links and holds when document-service fails at every possible point.
class LinkMendingIT {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog(
            "bank.v1.ContractService/LinkDocument: upstream failed: ",
            "until the job mends it: io.grpc.StatusRuntimeException: UNAVAILABLE: down",
            "WARN Scheduler Unhandled exception StatusRuntimeException: 'UNAVAILABLE: down'");

    private static final Duration PATIENCE = Duration.ofSeconds(61);

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static Scene scene;
    private long contract;
    private long document;

    @BeforeAll
    static void start() {
        scene = new Scene(postgres);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @BeforeEach
    void drawUp() {
        scene.documents.before = TestDocuments.Fault.NONE;
        scene.documents.after = TestDocuments.Fault.NONE;
        contract = scene.contract().getContractId();
        document = scene.documents.add(Scene.CLIENT, "Договор аренды");
    }

    @Test
    void holdThatTookEffectWithoutAnAnswerIsReleased() throws Exception {
        scene.documents.after = TestDocuments.unavailable();

        assertThatCall(this::link)
                .fails(Code.UNAVAILABLE, "UPSTREAM_UNAVAILABLE")
                .hasRetryInfo();
        assertThat(scene.documents.held(contract, document)).isTrue();
        assertThat(rows()).isZero();

        scene.documents.after = TestDocuments.Fault.NONE;
        scene.clock.advance(PATIENCE);
        Scene.await("released", () -> !scene.documents.held(contract, document));
        assertThat(rows()).isZero();
    }

    @Test
    void linkIsRepeatedAfterAFailureRightAway() {
        scene.documents.after = TestDocuments.unavailable();
        assertThatCall(this::link).hasCode(Code.UNAVAILABLE);
        scene.documents.after = TestDocuments.Fault.NONE;

        link();

        assertThat(scene.documents.held(contract, document)).isTrue();
        assertThat(rows()).isOne();
        assertThat(tasks()).isZero();
    }

    @Test
    void holdThatArrivesAfterItsReleaseCountsNoMore() throws Exception {
        var arrived = new CountDownLatch(1);
        var let = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        scene.documents.before = (id, held) -> {
            if (held) {
                arrived.countDown();
                await(let);
            }
        };
        scene.documents.after = (id, held) -> {
            if (held) {
                over.countDown();
            }
        };

        var failure = catchThrowable(() ->
                scene.client().withDeadlineAfter(2, TimeUnit.SECONDS).linkDocument(Scene.link(contract, document)));
        assertThatFailure(failure).hasCode(Code.DEADLINE_EXCEEDED);
        await(arrived);
        scene.clock.advance(PATIENCE);
        Scene.await("mended", () -> tasks() == 0);
        let.countDown();
        await(over);

        assertThat(scene.documents.held(contract, document)).isFalse();
        assertThat(rows()).isZero();
    }

    @Test
    void linkThatTookTooLongIsRefusedInTheEnd() throws Exception {
        scene.documents.after = (id, held) -> {
            if (held) {
                scene.documents.after = TestDocuments.Fault.NONE;
                scene.clock.advance(PATIENCE);
                awaitMended();
            }
        };

        assertThatCall(this::link).fails(Code.ABORTED, "LINK_SUPERSEDED").hasRetryInfo();

        assertThat(scene.documents.held(contract, document)).isFalse();
        assertThat(rows()).isZero();
    }

    @Test
    void revocationSucceedsWhileDocumentServiceIsDown() throws Exception {
        link();
        scene.documents.before = TestDocuments.unavailable();

        assertThat(revoke()).isEqualTo(LinkStatus.LINK_STATUS_REVOKED);
        assertThat(log.lines())
                .anyMatch(line -> line.startsWith(
                        "WARN LinkTasks document " + document + " may stay held by contract:" + contract + " "));
        assertThat(scene.documents.held(contract, document)).isTrue();

        scene.documents.before = TestDocuments.Fault.NONE;
        scene.clock.advance(PATIENCE);
        Scene.await("released", () -> !scene.documents.held(contract, document));
        Scene.await("settled", () -> tasks() == 0);
    }

    @Test
    void linkFailingOnALinkedDocumentKeepsItHeld() throws Exception {
        link();
        scene.documents.before = TestDocuments.unavailable();
        assertThatCall(this::link).hasCode(Code.UNAVAILABLE);
        scene.documents.before = TestDocuments.Fault.NONE;

        scene.clock.advance(PATIENCE);
        Scene.await("settled", () -> tasks() == 0);
        assertThat(scene.documents.held(contract, document)).isTrue();
    }

    @Test
    void contractArchivedWhileItsDocumentIsBeingHeldGetsNoLink() throws Exception {
        scene.documents.after = (id, held) -> {
            scene.documents.after = TestDocuments.Fault.NONE;
            scene.employee()
                    .setContractStatus(SetContractStatusRequest.newBuilder()
                            .setId(contract)
                            .setStatus(ContractStatus.CONTRACT_STATUS_ARCHIVED)
                            .build());
        };

        assertThatCall(this::link).fails(Code.FAILED_PRECONDITION, "CONTRACT_ARCHIVED");

        scene.clock.advance(PATIENCE);
        Scene.await("released", () -> !scene.documents.held(contract, document));
        assertThat(rows()).isZero();
    }

    @Test
    void documentDeletedBeforeItIsHeldIsNotFound() {
        scene.documents.before = (id, held) -> {
            scene.documents.delete(document);
            throw Failure.notFound("document " + document).exception();
        };

        assertThatCall(this::link).fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThat(rows()).isZero();
        assertThat(tasks()).isZero();
    }

    @Test
    void taskThatKeepsFailingDoesNotHoldUpTheOthers() throws Exception {
        var poisoned = document;
        link();
        scene.documents.before = TestDocuments.unavailable();
        revoke();
        scene.clock.advance(Duration.ofSeconds(1));
        scene.documents.before = TestDocuments.Fault.NONE;
        drawUp();
        link();
        scene.documents.before = TestDocuments.unavailable();
        revoke();

        scene.documents.before = (id, held) -> {
            if (id == poisoned) {
                TestDocuments.unavailable().strike(id, held);
            }
        };
        scene.clock.advance(PATIENCE);
        Scene.await("released", () -> !scene.documents.held(contract, document));
        assertThat(Scene.tasks(postgres, poisoned)).isOne();
    }

    private void link() {
        scene.client().linkDocument(Scene.link(contract, document));
    }

    private LinkStatus revoke() {
        return scene.client()
                .setLinkStatus(Scene.status(contract, document, LinkStatus.LINK_STATUS_REVOKED))
                .getNewStatus();
    }

    private int rows() {
        return scene.client()
                .listContractDocuments(ListContractDocumentsRequest.newBuilder()
                        .setId(contract)
                        .build())
                .getDocumentsCount();
    }

    private long tasks() {
        return Scene.tasks(postgres, document);
    }

    private void awaitMended() {
        Scene.await("mended", () -> tasks() == 0);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
