package bank.registry;

import static org.assertj.core.api.Assertions.assertThat;

import bank.registry.store.DeathNoticeStore;
import bank.testing.Eventually;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.v1.DeathNotified;
import bank.v1.DeathState;
import bank.v1.ReportDeathRequest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SandboxDeathNoticeIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    private static final Map<String, String> WANTED = Map.of(
            "bank.registry.sandbox-death-notice", "true",
            "bank.registry.sandbox-death-notice-delay", "PT0S");
    private static final String PERSON = "GH577024B";

    @Test
    void comesOnceForADatabase() {
        try (var scene = new Scene(postgres, kafka, WANTED);
                var neighbour = new TestNeighbour(postgres, kafka, scene.identity)) {
            var notice = neighbour.await(DeathNotified.class, 1, event -> true).getFirst();
            assertThat(notice.getNin()).isEqualTo(PERSON);
            assertThat(notice.getState()).isEqualTo(DeathState.DEATH_STATE_FORMAL);

            try (var again = secondScene(scene)) {
                // Its notice had its turn before, and what is published next tells that it published nothing.
                again.hmrc(Scene.EMPLOYEE)
                        .reportDeath(ReportDeathRequest.newBuilder()
                                .setNin(PERSON)
                                .setState(DeathState.DEATH_STATE_REMOVED)
                                .build());
                var two = neighbour.await(DeathNotified.class, 2, event -> true);
                assertThat(two)
                        .extracting(DeathNotified::getState)
                        .containsExactly(DeathState.DEATH_STATE_FORMAL, DeathState.DEATH_STATE_REMOVED);
                assertThat(neighbour.context(two.getLast()).version()).isEqualTo(2);
            }
        }
    }

    /// A second server, once its notice waits for the turn that this transaction has.
    private static Scene secondScene(Scene first) {
        return first.database.inTransaction(tx -> {
            new DeathNoticeStore().lockPerson(tx, PERSON);
            var second = new Scene(postgres, kafka, WANTED);
            Eventually.holds("the second notice waits", Duration.ofSeconds(60), () -> first.isNoticeAwaited(PERSON));
            return second;
        });
    }
}
