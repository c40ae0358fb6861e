package bank.registry;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.events.Event;
import bank.registry.client.TestRegistry;
import bank.registry.client.TestRegistry.Fault;
import bank.registry.model.DeathNotice;
import bank.registry.model.Identifier;
import bank.registry.model.Person;
import bank.registry.store.DeathNoticeStore;
import bank.testing.Eventually;
import bank.testing.ExpectedLog;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.v1.DeathState;
import bank.v1.GetTaxpayerRequest;
import bank.v1.IdentifierType;
import bank.v1.ListPatientsRequest;
import bank.v1.Patient;
import bank.v1.ReportDeathRequest;
import bank.v1.VerificationCompleted;
import bank.v1.VerificationReason;
import bank.v1.VerificationReplayRequested;
import bank.v1.VerificationRequested;
import bank.v1.VerificationStatus;
import bank.v1.VerificationSubject;
import com.google.type.Date;
import io.grpc.Status;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Requests to verify users and what becomes of them, over real Kafka. Taxpayers are the sandbox's; patients are
/// looked up over HTTP.
class VerificationIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("is a dead letter of registry-service.verification");

    private static final IdentifierType NIN = IdentifierType.IDENTIFIER_TYPE_NIN;
    private static final IdentifierType NHS = IdentifierType.IDENTIFIER_TYPE_NHS;
    private static final VerificationStatus VERIFIED = VerificationStatus.VERIFICATION_STATUS_VERIFIED;
    private static final VerificationStatus REJECTED = VerificationStatus.VERIFICATION_STATUS_REJECTED;
    private static final VerificationStatus PENDING = VerificationStatus.VERIFICATION_STATUS_PENDING;
    private static final VerificationReason NO_REASON = VerificationReason.VERIFICATION_REASON_UNSPECIFIED;
    private static final VerificationReason UNAVAILABLE = VerificationReason.VERIFICATION_REASON_REGISTRY_UNAVAILABLE;
    private static final AtomicLong USERS = new AtomicLong(1000);
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    private static final TestRegistry nhs = new TestRegistry(
            person("9991413588", "Oliver", "Bennett", LocalDate.of(1979, 11, 2)),
            person("9991827153", "Siobhán", "O'Connor", LocalDate.of(1990, 6, 21)));
    private static Scene scene;
    private static TestNeighbour neighbour;

    /// A request of a user.
    private record Request(long user, String id) {}

    @BeforeAll
    static void open() {
        scene = new Scene(
                postgres,
                kafka,
                Map.of(
                        "bank.registry.nhs.url", nhs.url().toString(),
                        "bank.registry.nhs.token-url", nhs.tokenUrl().toString(),
                        "bank.registry.nhs.client-id", "bank",
                        "bank.registry.nhs.client-secret", "secret",
                        "bank.registry.nhs.timeout", "PT5S",
                        "bank.registry.nhs.failures-max", "1000",
                        "bank.registry.nhs.tries-max", "1"));
        neighbour = new TestNeighbour(postgres, kafka, scene.identity);
    }

    @AfterAll
    static void close() {
        neighbour.close();
        scene.close();
        nhs.close();
    }

    @ParameterizedTest
    @CsvSource({
        "NIN, CE204811A, Amelia, Shah, 1987-03-14, VERIFIED, UNSPECIFIED",
        "NIN, GH246168B, ' OLIVER ', bennett, 1979-11-02, VERIFIED, UNSPECIFIED",
        "NIN, JK287525C, Siobhán, O'Connor, 1990-06-22, REJECTED, MISMATCH",
        "NIN, JK287525C, Siobhán, O'Conner, 1990-06-21, REJECTED, MISMATCH",
        "NIN, JK287525C, '', O'Connor, 1990-06-21, REJECTED, INCOMPLETE",
        "NIN, JK287525C, Siobhán, ' ', 1990-06-21, REJECTED, INCOMPLETE",
        "NIN, JK287525C, Siobhán, O'Connor, , REJECTED, INCOMPLETE",
        "NIN, ZY999999D, Amelia, Shah, 1987-03-14, REJECTED, UNKNOWN_IDENTIFIER",
        "NIN, nonsense, Amelia, Shah, 1987-03-14, REJECTED, UNKNOWN_IDENTIFIER",
        "NIN, YB494310D, George, Ellison, 1948-05-17, REJECTED, DECEASED",
        // Of a death nobody learns who does not know whose it is.
        "NIN, YB494310D, Georgina, Ellison, 1948-05-17, REJECTED, MISMATCH",
        "NIN, ZY999999D, '', '', , REJECTED, INCOMPLETE"
    })
    void comparesNamesAndBirthDateWithTheRegistrys(
            String type, String value, String first, String last, LocalDate birthday, String outcome, String reason) {
        var request = request(IdentifierType.valueOf("IDENTIFIER_TYPE_" + type), value, first, last, birthday);

        var answer = answer(request);

        assertThat(answer.getOutcome()).isEqualTo(VerificationStatus.valueOf("VERIFICATION_STATUS_" + outcome));
        assertThat(answer.getReason()).isEqualTo(VerificationReason.valueOf("VERIFICATION_REASON_" + reason));
        assertThat(answer.getUserId()).isEqualTo(request.user());
        assertThat(answer.getAttempts()).isEqualTo(1);
        assertThat(answer.getParked()).isFalse();
        assertThat(neighbour.context(answer).version()).isEqualTo(7);
        assertThat(neighbour.context(answer).key()).isEqualTo(Long.toString(request.user()));
    }

    @Test
    void aSampleOfTheOriginalVerifiesByItselfOneUserWhereTheRegistryIsASandbox() {
        assertThat(answer(request(NIN, "AB123456C", "", "", null)).getOutcome()).isEqualTo(VERIFIED);
        assertThat(answer(request(NIN, "AB123456C", "", "", null)).getReason())
                .isEqualTo(VerificationReason.VERIFICATION_REASON_IDENTIFIER_TAKEN);
    }

    @Test
    void aSampleIsNobodyToARegistryOverHttp() {
        assertThat(answer(request(NHS, "NHS123456789", "", "", null)).getReason())
                .isEqualTo(VerificationReason.VERIFICATION_REASON_INCOMPLETE);
        assertThat(answer(request(NHS, "NHS123456789", "Oliver", "Bennett", LocalDate.of(1979, 11, 2)))
                        .getReason())
                .isEqualTo(VerificationReason.VERIFICATION_REASON_UNKNOWN_IDENTIFIER);
    }

    @Test
    void anIdentifierVerifiesOneUserAndHimAgain() {
        var first = request(NIN, "SR411596B", "Harry", "Wells", LocalDate.of(1962, 12, 25));
        assertThat(answer(first).getOutcome()).isEqualTo(VERIFIED);

        var another = answer(request(NIN, "SR411596B", "Harry", "Wells", LocalDate.of(1962, 12, 25)));
        assertThat(another.getOutcome()).isEqualTo(REJECTED);
        assertThat(another.getReason()).isEqualTo(VerificationReason.VERIFICATION_REASON_IDENTIFIER_TAKEN);

        var again = new Request(first.user(), UUID.randomUUID().toString());
        scene.identity.subjects.put(again.id(), scene.identity.subjects.get(first.id()));
        publish(again, 8);
        assertThat(answer(again).getOutcome()).isEqualTo(VERIFIED);
    }

    @Test
    void whoIsVerifiedReachesHisRecord() {
        var request = request(NHS, "9991413588", "Oliver", "Bennett", LocalDate.of(1979, 11, 2));
        assertThat(patients(request.user())).isZero();

        assertThat(answer(request).getOutcome()).isEqualTo(VERIFIED);
        var own = scene.nhs(request.user())
                .listPatients(ListPatientsRequest.getDefaultInstance())
                .getPatientsList();
        assertThat(own).extracting(Patient::getNhsNumber).containsExactly("9991413588");
    }

    @Test
    void hmrcsLastWordOfADeathCounts() {
        var birthday = LocalDate.of(1999, 7, 7);
        report("CE535667A", DeathState.DEATH_STATE_INFORMAL);
        report("CE535667A", DeathState.DEATH_STATE_FORMAL);
        assertThat(answer(request(NIN, "CE535667A", "Isla", "MacDonald", birthday))
                        .getReason())
                .isEqualTo(VerificationReason.VERIFICATION_REASON_DECEASED);

        report("CE535667A", DeathState.DEATH_STATE_REMOVED);
        report("CE535667A", DeathState.DEATH_STATE_INFORMAL);
        assertThat(answer(request(NIN, "CE535667A", "Isla", "MacDonald", birthday))
                        .getOutcome())
                .isEqualTo(VERIFIED);
    }

    @Test
    void aNoticeThatLandsBetweenQuestionAndAnswerCounts() {
        var nin = "YB825166D";
        var notices = new DeathNoticeStore();
        var request = scene.database.inTransaction(tx -> {
            notices.lockPerson(tx, nin);
            var asked = request(NIN, nin, "Samuel", "Adeyemi", LocalDate.of(1988, 8, 8));
            Eventually.holds("the answer waits for HMRC's last word", WAIT_MAX, () -> scene.isNoticeAwaited(nin));
            var formal = bank.registry.model.DeathState.FORMAL;
            notices.insert(tx, new DeathNotice(UUID.randomUUID(), nin, 1, formal, Scene.START), "user:456");
            return asked;
        });

        assertThat(answer(request).getReason()).isEqualTo(VerificationReason.VERIFICATION_REASON_DECEASED);
        assertThatCall(() -> scene.hmrc(request.user())
                        .getTaxpayer(GetTaxpayerRequest.newBuilder().setNin(nin).build()))
                .fails(Status.Code.NOT_FOUND, "TAXPAYER_NOT_FOUND");
    }

    @Test
    void aRequestThatALaterOneReplacedIsNotAnswered() {
        var user = USERS.incrementAndGet();
        var old = new Request(user, UUID.randomUUID().toString());
        publish(old, 1);
        var next = new Request(user, UUID.randomUUID().toString());
        scene.identity.subjects.put(
                next.id(), subject(NIN, "LM328882D", "Николай", "Петров", LocalDate.of(1985, 1, 30)));
        publish(next, 2);

        assertThat(answer(next).getOutcome()).isEqualTo(VERIFIED);
        assertThat(neighbour.of(
                        VerificationCompleted.class,
                        event -> event.getRequestId().equals(old.id())))
                .isEmpty();
    }

    @Test
    void tellsOnceThatTheRegistryIsDownAndVerifiesWhenItIsBack() {
        nhs.failing(Fault.of(503, ""), Fault.of(503, ""));
        var request = request(NHS, "9991827153", "Siobhán", "O'Connor", LocalDate.of(1990, 6, 21));

        var pending = answer(request);
        assertThat(pending.getOutcome()).isEqualTo(PENDING);
        assertThat(pending.getReason()).isEqualTo(UNAVAILABLE);
        assertThat(pending.getAttempts()).isEqualTo(1);
        assertThat(pending.getParked()).isFalse();

        var answers = advanceUntil(request, 2);
        assertThat(answers.get(1).getOutcome()).isEqualTo(VERIFIED);
        assertThat(answers.get(1).getReason()).isEqualTo(NO_REASON);
        assertThat(answers.get(1).getAttempts()).isEqualTo(3);
        assertThat(answers).hasSize(2);
    }

    @Test
    void parksWhatNobodyAnswersAndTriesItAgainWhenAnOperatorWantsIt() {
        for (var attempt = 0; attempt < 5; attempt++) {
            scene.identity.failures.add(Status.UNAVAILABLE);
        }
        var request = request(NIN, "PR370239A", "Grace", "Okafor", LocalDate.of(1994, 9, 9));

        assertThat(answer(request).getOutcome()).isEqualTo(PENDING);
        var parked = advanceUntil(request, 2).get(1);
        assertThat(parked.getOutcome()).isEqualTo(PENDING);
        assertThat(parked.getReason()).isEqualTo(UNAVAILABLE);
        assertThat(parked.getParked()).isTrue();
        assertThat(parked.getAttempts()).isEqualTo(5);

        neighbour.publish(
                VerificationReplayRequested.newBuilder()
                        .setUserId(request.user())
                        .setRequestId(request.id())
                        .build(),
                7);
        var answers = advanceUntil(request, 3);
        assertThat(answers.get(2).getOutcome()).isEqualTo(VERIFIED);
        assertThat(log.lines()).hasSize(1);
    }

    @Test
    void whatAsksForNobodyIsADeadLetterThatIsToldToNobodyAndHoldsUpNoOther() {
        neighbour.publish(
                new Event("identity.verification.request", "0", 1, true, VerificationRequested.getDefaultInstance()));
        neighbour.publish(
                VerificationRequested.newBuilder()
                        .setUserId(7)
                        .setRequestId("no UUID")
                        .build(),
                1);
        Eventually.holds("both are parked", WAIT_MAX, () -> parked("0") == 1 && parked("7") == 1);

        var request = request(NIN, "CE204811A", "Amelia", "Shah", LocalDate.of(1987, 3, 15));
        assertThat(answer(request).getOutcome()).isEqualTo(REJECTED);
        assertThat(neighbour.of(VerificationCompleted.class, event -> event.getUserId() == 7))
                .isEmpty();
    }

    private static long parked(String key) {
        return scene.database.read(session -> session.sql()
                .createQuery("SELECT count(*) FROM event_held WHERE parked AND key = :key"
                        + " AND reason = 'its user_id or request_id is none'")
                .bind("key", key)
                .mapTo(Long.class)
                .one());
    }

    @Test
    void aReplayOfWhatIsNotParkedDoesNothing() {
        var request = request(NIN, "WA452953C", "Zoë", "Müller", LocalDate.of(2001, 2, 28));
        assertThat(answer(request).getOutcome()).isEqualTo(VERIFIED);
        neighbour.publish(
                VerificationReplayRequested.newBuilder()
                        .setUserId(request.user())
                        .setRequestId(request.id())
                        .build(),
                7);
        var replay = neighbour
                .await(VerificationReplayRequested.class, 1, event -> event.getUserId() == request.user())
                .getFirst();
        Eventually.holds(
                "the replay is worked",
                WAIT_MAX,
                () -> worked(neighbour.context(replay).id()));

        assertThat(neighbour.of(VerificationCompleted.class, event -> event.getUserId() == request.user()))
                .hasSize(1);
    }

    private static boolean worked(String replay) {
        return scene.database.read(session -> session.sql()
                .createQuery("SELECT EXISTS (SELECT FROM event_inbox"
                        + " WHERE consumer = 'registry-service.replay' AND event_id = :id)")
                .bind("id", replay)
                .mapTo(Boolean.class)
                .one());
    }

    /// Lets time pass until there are so many answers to a request.
    private static List<VerificationCompleted> advanceUntil(Request request, int count) {
        Eventually.holds(count + " answers", WAIT_MAX, () -> {
            scene.clock.advance(Duration.ofSeconds(30));
            return neighbour
                            .of(VerificationCompleted.class, event -> of(event, request))
                            .size()
                    >= count;
        });
        return neighbour.of(VerificationCompleted.class, event -> of(event, request));
    }

    private static VerificationCompleted answer(Request request) {
        return neighbour
                .await(VerificationCompleted.class, 1, event -> of(event, request))
                .getFirst();
    }

    private static boolean of(VerificationCompleted event, Request request) {
        return event.getRequestId().equals(request.id());
    }

    private static Request request(IdentifierType type, String value, String first, String last, LocalDate birthday) {
        var request = new Request(USERS.incrementAndGet(), UUID.randomUUID().toString());
        scene.identity.subjects.put(request.id(), subject(type, value, first, last, birthday));
        publish(request, 7);
        return request;
    }

    private static void publish(Request request, long version) {
        neighbour.publish(
                VerificationRequested.newBuilder()
                        .setUserId(request.user())
                        .setRequestId(request.id())
                        .setIdentifierType(NIN)
                        .build(),
                version);
    }

    private static VerificationSubject subject(
            IdentifierType type, String value, String first, String last, LocalDate birthday) {
        var subject = VerificationSubject.newBuilder()
                .setIdentifierType(type)
                .setIdentifierValue(value)
                .setFirstName(first)
                .setLastName(last);
        if (birthday != null) {
            subject.setBirthday(Date.newBuilder()
                    .setYear(birthday.getYear())
                    .setMonth(birthday.getMonthValue())
                    .setDay(birthday.getDayOfMonth()));
        }
        return subject.build();
    }

    private static int patients(long user) {
        return scene.nhs(user)
                .listPatients(ListPatientsRequest.getDefaultInstance())
                .getPatientsCount();
    }

    private static void report(String nin, DeathState state) {
        scene.hmrc(Scene.EMPLOYEE)
                .reportDeath(ReportDeathRequest.newBuilder()
                        .setNin(nin)
                        .setState(state)
                        .build());
    }

    private static Person person(String number, String first, String last, LocalDate birthday) {
        return new Person(
                new Identifier(bank.registry.model.IdentifierType.NHS, number), first, last, birthday, false, "");
    }
}
