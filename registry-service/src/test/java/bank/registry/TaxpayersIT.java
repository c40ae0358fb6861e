package bank.registry;

import static bank.registry.Scene.AMELIA;
import static bank.registry.Scene.EMPLOYEE;
import static bank.registry.Scene.MARY;
import static bank.registry.Scene.MARYS_NIN;
import static bank.registry.Scene.STRANGER;
import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Headers;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.v1.ActivityLogged;
import bank.v1.DeathNotice;
import bank.v1.DeathNotified;
import bank.v1.DeathState;
import bank.v1.GetTaxpayerRequest;
import bank.v1.HmrcServiceGrpc;
import bank.v1.ReportDeathRequest;
import bank.v1.Taxpayer;
import com.google.type.Date;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaxpayersIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    private static final DeathState INFORMAL = DeathState.DEATH_STATE_INFORMAL;
    private static final DeathState FORMAL = DeathState.DEATH_STATE_FORMAL;
    private static final DeathState REMOVED = DeathState.DEATH_STATE_REMOVED;
    private static final DeathState NOTHING = DeathState.DEATH_STATE_UNSPECIFIED;

    private static Scene scene;
    private static TestNeighbour neighbour;

    @BeforeAll
    static void open() {
        scene = new Scene(postgres, kafka);
        neighbour = new TestNeighbour(postgres, kafka, scene.identity);
    }

    @AfterAll
    static void close() {
        neighbour.close();
        scene.close();
    }

    @Test
    void oneTaxpayerIsForStaffAndHimself() {
        var mary = Taxpayer.newBuilder()
                .setNin(MARYS_NIN)
                .setFirstName("Mary")
                .setLastName("Jones")
                .setBirthday(Date.newBuilder().setYear(1984).setMonth(4).setDay(12))
                .build();

        assertThat(get(EMPLOYEE, "ab 65 43 21 a")).isEqualTo(mary);
        assertThat(get(MARY, MARYS_NIN)).isEqualTo(mary);
        for (var other : new long[] {AMELIA, STRANGER}) {
            assertThatCall(() -> get(other, MARYS_NIN)).fails(Code.NOT_FOUND, "TAXPAYER_NOT_FOUND");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ZY999999D", "AB654321", "mary", "9434765919"})
    void nobodyHasAnUnknownNumber(String nin) {
        assertThatCall(() -> get(EMPLOYEE, nin)).fails(Code.NOT_FOUND, "TAXPAYER_NOT_FOUND");
        assertThatCall(() -> report(nin, FORMAL)).fails(Code.NOT_FOUND, "TAXPAYER_NOT_FOUND");
    }

    @Test
    void theRegistersWordOfADeathStandsUntilHmrcSaysOtherwise() {
        assertThat(get(EMPLOYEE, "YB494310D").getDeathState()).isEqualTo(FORMAL);
        report("YB494310D", REMOVED);
        assertThat(get(EMPLOYEE, "YB494310D").getDeathState()).isEqualTo(REMOVED);
    }

    @Test
    void noticesFollowEachOtherAndEachIsPublished() {
        var nin = "CE204811A";
        assertThat(get(EMPLOYEE, nin).getDeathState()).isEqualTo(NOTHING);
        var notices = new ArrayList<DeathNotice>();
        for (var state : List.of(INFORMAL, FORMAL, REMOVED, INFORMAL, REMOVED)) {
            var notice = report(nin, state);
            assertThat(notice.getState()).isEqualTo(state);
            assertThat(notice.getNin()).isEqualTo(nin);
            assertThat(notice.getReportedAt().getSeconds()).isEqualTo(Scene.START.getEpochSecond());
            assertThat(get(EMPLOYEE, nin).getDeathState()).isEqualTo(state);
            notices.add(notice);
        }

        var events = published(nin, 5);
        assertThat(events)
                .extracting(DeathNotified::getState)
                .containsExactly(INFORMAL, FORMAL, REMOVED, INFORMAL, REMOVED);
        assertThat(events)
                .extracting(DeathNotified::getReference)
                .isEqualTo(notices.stream().map(DeathNotice::getReference).toList())
                .doesNotHaveDuplicates();
        assertThat(events)
                .extracting(event -> neighbour.context(event).version())
                .containsExactly(1L, 2L, 3L, 4L, 5L);
        var first = "death_notice:" + notices.getFirst().getReference();
        var told = neighbour
                .await(ActivityLogged.class, 1, event -> event.getSubject().equals(first))
                .getFirst();
        assertThat(told.getActor() + " " + told.getAction() + " " + told.getDetail())
                .isEqualTo("user:456 death.reported informal");
        assertThat(neighbour.context(events.getFirst()).key()).isEqualTo(nin);
        assertThat(neighbour.context(events.getFirst()).source()).isEqualTo("/registry-service");
    }

    @Test
    void aFormalNoticeIsNotReplacedByAnInformalOne() {
        report("GH246168B", FORMAL);

        assertThatCall(() -> report("GH246168B", INFORMAL)).fails(Code.FAILED_PRECONDITION, "DEATH_FORMAL");
        assertThat(get(EMPLOYEE, "GH246168B").getDeathState()).isEqualTo(FORMAL);
    }

    @ParameterizedTest
    @EnumSource(
            value = DeathState.class,
            names = {"DEATH_STATE_INFORMAL", "DEATH_STATE_FORMAL", "DEATH_STATE_REMOVED"})
    void sayingTheSameAgainIsNoErrorAndPublishesNothing(DeathState state) {
        var nin = List.of("JK287525C", "LM328882D", "PR370239A").get(state.getNumber() - 1);
        var first = report(nin, state);
        assertThat(report(nin, state)).isEqualTo(first);
        var next = report(nin, state == REMOVED ? FORMAL : REMOVED);

        assertThat(published(nin, 2))
                .extracting(DeathNotified::getReference)
                .containsExactly(first.getReference(), next.getReference());
    }

    @Test
    void manyWhoSayTheSameAtOncePublishIt() throws Exception {
        var nin = "SR411596B";
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var references = new ArrayList<String>();
            for (var notice : threads.invokeAll(IntStream.range(0, 40)
                    .mapToObj(n -> (Callable<DeathNotice>) () -> report(nin, FORMAL))
                    .toList())) {
                references.add(notice.get().getReference());
            }
            assertThat(references).hasSize(40).containsOnly(references.getFirst());
        }
        report(nin, REMOVED);

        assertThat(published(nin, 2)).hasSize(2);
    }

    @Test
    void aDryRunPublishesNothing() {
        var nin = "WA452953C";
        Scene.with(scene.hmrc(EMPLOYEE), Headers.VALIDATE_ONLY, "true").reportDeath(request(nin, FORMAL));
        assertThat(get(EMPLOYEE, nin).getDeathState()).isEqualTo(NOTHING);
        report(nin, INFORMAL);

        assertThat(published(nin, 1)).extracting(DeathNotified::getState).containsExactly(INFORMAL);
    }

    @Test
    void aRepeatWithTheSameKeyGetsTheFirstAnswer() {
        var nin = "CE535667A";
        var stub = Scene.with(scene.hmrc(EMPLOYEE), Headers.IDEMPOTENCY_KEY, "death-1");
        var first = stub.reportDeath(request(nin, INFORMAL));
        report(nin, REMOVED);

        assertThat(stub.reportDeath(request(nin, INFORMAL))).isEqualTo(first);
        assertThat(get(EMPLOYEE, nin).getDeathState()).isEqualTo(REMOVED);
    }

    @Test
    void refusesRequestsWithoutAStateOrANumber() {
        assertThatCall(() -> report(MARYS_NIN, NOTHING))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("state");
        assertThatCall(() -> report("", FORMAL))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("nin");
        assertThatCall(() -> report("A".repeat(33), FORMAL))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("nin");
    }

    @Test
    void staffAloneReportDeaths() {
        assertThatCall(() -> scene.hmrc(MARY).reportDeath(request(MARYS_NIN, FORMAL)))
                .fails(Code.PERMISSION_DENIED, "ROLE_MISSING");
        assertThatCall(() -> Scene.as(
                                HmrcServiceGrpc.newBlockingStub(scene.channel),
                                scene.identity.machine("abs", "verifications:process"))
                        .reportDeath(request(MARYS_NIN, FORMAL)))
                .fails(Code.PERMISSION_DENIED, "USER_MISSING");
    }

    private static Taxpayer get(long user, String nin) {
        return scene.hmrc(user)
                .getTaxpayer(GetTaxpayerRequest.newBuilder().setNin(nin).build());
    }

    private static DeathNotice report(String nin, DeathState state) {
        return scene.hmrc(EMPLOYEE).reportDeath(request(nin, state));
    }

    private static ReportDeathRequest request(String nin, DeathState state) {
        return ReportDeathRequest.newBuilder().setNin(nin).setState(state).build();
    }

    private static List<DeathNotified> published(String nin, int count) {
        return neighbour.await(
                DeathNotified.class, count, event -> event.getNin().equals(nin));
    }
}
