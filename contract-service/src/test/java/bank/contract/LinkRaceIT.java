package bank.contract;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.PostgresExtension;
import bank.v1.LinkStatus;
import bank.v1.ListContractDocumentsRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Links and revocations of one pair at the same time.
class LinkRaceIT {
    private static final int ROUNDS = 200;

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = new Scene(postgres);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void holdEqualsLinkWhoeverComesFirst() throws Exception {
        var contract = scene.contract().getContractId();
        var document = scene.documents.add(Scene.CLIENT, "Договор аренды");
        var client = scene.client();
        client.linkDocument(Scene.link(contract, document));
        var linked = 0;
        for (var round = 0; round < ROUNDS; round++) {
            atOnce(List.of(
                    () -> client.linkDocument(Scene.link(contract, document)),
                    () -> client.setLinkStatus(Scene.status(contract, document, LinkStatus.LINK_STATUS_REVOKED)),
                    () -> client.linkDocument(Scene.link(contract, document))));

            var status = status(contract);
            if (Scene.tasks(postgres, document) == 0) {
                assertThat(scene.documents.held(contract, document))
                        .as("held in round %d with link %s", round, status)
                        .isEqualTo(status == LinkStatus.LINK_STATUS_ACTIVE);
            }
            linked += status == LinkStatus.LINK_STATUS_ACTIVE ? 1 : 0;
        }
        assertThat(linked).as("rounds that ended linked").isPositive();

        scene.clock.advance(Duration.ofMinutes(2));
        Scene.await("settled", () -> Scene.tasks(postgres, document) == 0);
        assertThat(scene.documents.held(contract, document))
                .isEqualTo(status(contract) == LinkStatus.LINK_STATUS_ACTIVE);
    }

    @Test
    void manyWhoLinkAtOnceGetTheSameLink() throws Exception {
        var contract = scene.contract().getContractId();
        var client = scene.client();
        for (var round = 0; round < 20; round++) {
            var document = scene.documents.add(Scene.CLIENT, "Договор аренды");
            var calls = new ArrayList<Callable<Object>>();
            for (var caller = 0; caller < 8; caller++) {
                calls.add(() -> client.linkDocument(Scene.link(contract, document)));
            }

            assertThat(atOnce(calls)).isZero();

            assertThat(scene.documents.held(contract, document)).isTrue();
            assertThat(Scene.tasks(postgres, document)).isZero();
        }
    }

    private static LinkStatus status(long contract) {
        return scene.client()
                .listContractDocuments(ListContractDocumentsRequest.newBuilder()
                        .setId(contract)
                        .build())
                .getDocuments(0)
                .getStatus();
    }

    /// Makes the calls at the same time; how many were told to repeat.
    private static int atOnce(List<Callable<Object>> calls) throws Exception {
        var superseded = 0;
        var barrier = new CyclicBarrier(calls.size());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<Object>>();
            for (var call : calls) {
                running.add(threads.submit(() -> {
                    barrier.await();
                    return call.call();
                }));
            }
            for (var future : running) {
                try {
                    future.get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof StatusRuntimeException status)
                            || status.getStatus().getCode() != Status.Code.ABORTED) {
                        throw e;
                    }
                    superseded++;
                }
            }
        }
        return superseded;
    }
}
