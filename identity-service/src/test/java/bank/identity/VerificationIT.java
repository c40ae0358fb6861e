package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Headers;
import bank.testing.Eventually;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.v1.AuditEvent;
import bank.v1.GetMeRequest;
import bank.v1.GetVerificationRequest;
import bank.v1.GetVerificationSubjectRequest;
import bank.v1.IdentifierType;
import bank.v1.ListAuditEventsRequest;
import bank.v1.ListDeadLettersRequest;
import bank.v1.RegisterRequest;
import bank.v1.ReplayDeadLetterRequest;
import bank.v1.RetryVerificationRequest;
import bank.v1.Role;
import bank.v1.UpdateUserRequest;
import bank.v1.User;
import bank.v1.Verification;
import bank.v1.VerificationReason;
import bank.v1.VerificationReplayRequested;
import bank.v1.VerificationRequested;
import bank.v1.VerificationStatus;
import io.grpc.Status.Code;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Users are verified by what registry-service says over Kafka.
final class VerificationIT {
    private static final Duration MAX = Duration.ofSeconds(60);
    private static final String SECRET = "a-secret-of-the-settings";
    private static final GetVerificationRequest MINE = GetVerificationRequest.getDefaultInstance();
    private static final RetryVerificationRequest RETRY_MINE = RetryVerificationRequest.getDefaultInstance();

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    private static RunningIdentity identity;
    private static EventTopics topics;
    private static Registries registries;
    private static People people;

    @BeforeAll
    static void start() {
        topics = new EventTopics(kafka.bootstrapServers(), kafka.prefix());
        var settings = new HashMap<>(topics.settings());
        settings.put("bank.identity.clients.registry-service.secret", SECRET);
        settings.put("bank.identity.clients.registry-service.scopes", "verifications:process");
        settings.put("bank.identity.clients.other.secret", SECRET);
        settings.put("bank.identity.clients.other.scopes", "users:read");
        identity = RunningIdentity.start(postgres.database(), Clock.systemUTC(), settings);
        registries = new Registries(identity, topics);
        people = new People(identity);
    }

    @AfterAll
    static void stop() {
        identity.close();
        topics.close();
    }

    @Test
    void registrationWithAnIdentifierAsksItsRegistry() {
        var nin = Registries.newNin();
        var user = registries.registered(nin);
        assertThat(user.getVerificationStatus()).isEqualTo(VerificationStatus.VERIFICATION_STATUS_UNVERIFIED);

        var read = topics.first(VerificationRequested.getDefaultInstance(), event -> event.getUserId() == user.getId());
        assertThat(read.key()).isEqualTo(Long.toString(user.getId()));
        assertThat(read.version()).isEqualTo(1);
        assertThat(read.event().getType()).isEqualTo("bank.v1.VerificationRequested");
        assertThat(read.event().getSource()).hasToString("/identity-service");
        assertThat(read.payload().getIdentifierType()).isEqualTo(IdentifierType.IDENTIFIER_TYPE_NIN);
        assertThat(UUID.fromString(read.payload().getRequestId()).version()).isEqualTo(7);
        assertThat(new String(read.event().getData().toBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .doesNotContain(nin, "Ada");

        var verification = registries.verification(user);
        assertThat(verification.getStatus()).isEqualTo(VerificationStatus.VERIFICATION_STATUS_UNVERIFIED);
        assertThat(verification.getIdentifierMasked()).isEqualTo("******" + nin.substring(6));
        assertThat(verification.hasRequestedAt()).isTrue();
        assertThat(verification.hasCompletedAt()).isFalse();
        assertThat(audited(user)).contains("VERIFICATION_REQUESTED NIN");
    }

    @Test
    void registrationWithoutAnIdentifierAsksNobody() {
        var without = identity.registered();
        var token = registries.token(without);
        assertThatCall(() -> identity.verifications(token).getVerification(MINE))
                .fails(Code.NOT_FOUND, "VERIFICATION_NOT_FOUND");
        assertThatCall(() -> identity.verifications(token).retryVerification(RETRY_MINE))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("identifier_type");
        var later = registries.registered(Registries.newNin());
        // Both would be published by the same relay, in the order of their transactions.
        assertThat(topics.first(
                                VerificationRequested.getDefaultInstance(),
                                event -> event.getUserId() == without.getId() || event.getUserId() == later.getId())
                        .payload()
                        .getUserId())
                .isEqualTo(later.getId());
    }

    @Test
    void aUserWithoutAnIdentifierGivesOneLater() {
        var user = identity.registered();
        var request = RetryVerificationRequest.newBuilder()
                .setIdentifierType(IdentifierType.IDENTIFIER_TYPE_NHS)
                .setIdentifierValue("943 476 5919")
                .build();
        var asked = identity.verifications(registries.token(user)).retryVerification(request);
        assertThat(asked.getStatus()).isEqualTo(VerificationStatus.VERIFICATION_STATUS_PENDING);
        assertThat(asked.getIdentifierMasked()).isEqualTo("*******919");
        assertThat(registries.asked(user.getId(), 1).getIdentifierType()).isEqualTo(IdentifierType.IDENTIFIER_TYPE_NHS);
    }

    @Test
    void aRegistrationThatFailsPublishesNothing() throws Exception {
        var first = registries.registered(Registries.newNin());
        var again = RegisterRequest.newBuilder()
                .setEmail(first.getEmail())
                .setPassword(RunningIdentity.PASSWORD)
                .setIdentifierType(IdentifierType.IDENTIFIER_TYPE_NIN)
                .setIdentifierValue(Registries.newNin())
                .build();
        var requests = "SELECT sum(requests) FROM verification";
        var before = Sql.read(postgres.database(), requests);
        assertThatCall(() -> identity.auth().register(again)).fails(Code.ALREADY_EXISTS, "EMAIL_TAKEN");
        assertThat(Sql.read(postgres.database(), requests)).isEqualTo(before);

        registries.answer(
                registries.asked(first.getId(), 1),
                VerificationStatus.VERIFICATION_STATUS_REJECTED,
                VerificationReason.VERIFICATION_REASON_MISMATCH);
        registries.awaitStatus(first, VerificationStatus.VERIFICATION_STATUS_REJECTED);
        var stub = identity.verifications(registries.token(first));
        RunningIdentity.with(stub, Headers.VALIDATE_ONLY, "true").retryVerification(RETRY_MINE);
        assertThat(stub.getVerification(MINE).getStatus()).isEqualTo(VerificationStatus.VERIFICATION_STATUS_REJECTED);
        stub.retryVerification(RETRY_MINE);
        assertThat(topics
                        .first(
                                2,
                                VerificationRequested.getDefaultInstance(),
                                event -> event.getUserId() == first.getId())
                        .stream()
                        .map(EventTopics.Read::version))
                .containsExactly(1L, 2L);
    }

    @Test
    void whomTheRegistryConfirmsIsVerified() throws Exception {
        var nin = Registries.newNin();
        var user = registries.registered(nin);
        registries.answer(registries.asked(user.getId(), 1), VerificationStatus.VERIFICATION_STATUS_VERIFIED, null);
        var verification = registries.awaitStatus(user, VerificationStatus.VERIFICATION_STATUS_VERIFIED);
        assertThat(verification.hasCompletedAt()).isTrue();
        assertThat(verification.getAttempts()).isEqualTo(1);

        var me = me(user);
        assertThat(me.getVerificationStatus()).isEqualTo(VerificationStatus.VERIFICATION_STATUS_VERIFIED);
        assertThat(Long.parseLong(me.getEtag())).isGreaterThan(Long.parseLong(user.getEtag()));
        assertThat(me.hasVerificationReason()).isFalse();
        assertThat(audited(user)).contains("VERIFICATION_COMPLETED verified");
        assertThatCall(() -> identity.verifications(registries.token(user)).retryVerification(RETRY_MINE))
                .fails(Code.FAILED_PRECONDITION, "VERIFICATION_DONE");
    }

    @Test
    void anIdentifierVerifiesOneUserAlone() throws Exception {
        var nin = Registries.newNin();
        var second = registries.registered(nin);
        registries.verified(nin);
        registries.answer(registries.asked(second.getId(), 1), VerificationStatus.VERIFICATION_STATUS_VERIFIED, null);
        var verification = registries.awaitStatus(second, VerificationStatus.VERIFICATION_STATUS_REJECTED);
        assertThat(verification.getReason()).isEqualTo(VerificationReason.VERIFICATION_REASON_IDENTIFIER_TAKEN);
        assertThat(me(second).getVerificationReason()).isEqualTo("identifier_taken");
    }

    @ParameterizedTest
    @EnumSource(
            value = VerificationReason.class,
            names = {"VERIFICATION_REASON_UNSPECIFIED", "UNRECOGNIZED"},
            mode = EnumSource.Mode.EXCLUDE)
    void whomTheRegistryDoesNotConfirmIsToldWhy(VerificationReason reason) throws Exception {
        var user = registries.registered(Registries.newNin());
        registries.answer(registries.asked(user.getId(), 1), VerificationStatus.VERIFICATION_STATUS_REJECTED, reason);
        var verification = registries.awaitStatus(user, VerificationStatus.VERIFICATION_STATUS_REJECTED);
        assertThat(verification.getReason()).isEqualTo(reason);
        assertThat(verification.hasCompletedAt()).isTrue();
        var printed = reason.name().substring("VERIFICATION_REASON_".length()).toLowerCase(java.util.Locale.ROOT);
        assertThat(me(user).getVerificationReason()).isEqualTo(printed);
        assertThat(audited(user)).contains("VERIFICATION_COMPLETED rejected, " + printed);
    }

    @Test
    void anAnswerToAnEarlierRequestCountsNoMore() throws Exception {
        var user = registries.registered(Registries.newNin());
        var first = registries.asked(user.getId(), 1);
        registries.answer(
                first,
                VerificationStatus.VERIFICATION_STATUS_REJECTED,
                VerificationReason.VERIFICATION_REASON_MISMATCH);
        registries.awaitStatus(user, VerificationStatus.VERIFICATION_STATUS_REJECTED);
        var retried = identity.verifications(registries.token(user)).retryVerification(RETRY_MINE);
        assertThat(retried.getStatus()).isEqualTo(VerificationStatus.VERIFICATION_STATUS_PENDING);
        assertThat(retried.getReason()).isEqualTo(VerificationReason.VERIFICATION_REASON_UNSPECIFIED);
        assertThat(me(user).hasVerificationReason()).isFalse();
        var second = registries.asked(user.getId(), 2);
        assertThat(second.getRequestId()).isNotEqualTo(first.getRequestId());

        registries.answer(first, VerificationStatus.VERIFICATION_STATUS_VERIFIED, null);
        registries.answer(
                second,
                VerificationStatus.VERIFICATION_STATUS_REJECTED,
                VerificationReason.VERIFICATION_REASON_INCOMPLETE);
        var verification = registries.awaitStatus(user, VerificationStatus.VERIFICATION_STATUS_REJECTED);
        assertThat(verification.getReason()).isEqualTo(VerificationReason.VERIFICATION_REASON_INCOMPLETE);
        assertThat(audited(user)).doesNotContain("VERIFICATION_COMPLETED verified");
    }

    @Test
    void theLastWordOnARequestStands() throws Exception {
        var user = registries.verified(Registries.newNin());
        var request = registries.asked(user.getId(), 1);
        registries.answer(
                request,
                VerificationStatus.VERIFICATION_STATUS_REJECTED,
                VerificationReason.VERIFICATION_REASON_MISMATCH);
        awaitWorked(user, 2);
        assertThat(registries.verification(user).getStatus())
                .isEqualTo(VerificationStatus.VERIFICATION_STATUS_VERIFIED);
    }

    @Test
    void whatARegistryDoesNotAnswerWaitsAmongTheDeadLettersUntilItIsReplayed() throws Exception {
        var user = registries.registered(Registries.newNin());
        var request = registries.asked(user.getId(), 1);
        var pending = VerificationStatus.VERIFICATION_STATUS_PENDING;
        registries.answer(request, pending, VerificationReason.VERIFICATION_REASON_REGISTRY_UNAVAILABLE);
        var waiting = registries.awaitStatus(user, pending);
        assertThat(waiting.getReason()).isEqualTo(VerificationReason.VERIFICATION_REASON_REGISTRY_UNAVAILABLE);
        assertThat(waiting.getAttempts()).isEqualTo(1);
        assertThat(waiting.getParked()).isFalse();
        assertThat(me(user).hasVerificationReason()).isFalse();
        var staff = identity.verifications(people.token(Role.ROLE_EMPLOYEE));
        var replay =
                ReplayDeadLetterRequest.newBuilder().setUserId(user.getId()).build();
        assertThatCall(() -> staff.replayDeadLetter(replay)).fails(Code.NOT_FOUND, "DEAD_LETTER_NOT_FOUND");

        topics.publish(
                Registries.completed(request, pending, VerificationReason.VERIFICATION_REASON_REGISTRY_UNAVAILABLE)
                        .setAttempts(5)
                        .setParked(true)
                        .build(),
                1);
        Eventually.holds(
                "it is parked", MAX, () -> registries.verification(user).getParked());
        assertThat(deadLetters(staff)).extracting(Verification::getUserId).contains(user.getId());
        assertThatCall(() -> identity.verifications(registries.token(user)).retryVerification(RETRY_MINE))
                .fails(Code.FAILED_PRECONDITION, "VERIFICATION_PENDING");

        var replayed = staff.replayDeadLetter(replay);
        assertThat(replayed.getParked()).isFalse();
        assertThat(replayed.getStatus()).isEqualTo(pending);
        var event = topics.first(
                VerificationReplayRequested.getDefaultInstance(), read -> read.getUserId() == user.getId());
        assertThat(event.payload().getRequestId()).isEqualTo(request.getRequestId());
        assertThat(event.key()).isEqualTo(Long.toString(user.getId()));
        assertThatCall(() -> staff.replayDeadLetter(replay)).fails(Code.NOT_FOUND, "DEAD_LETTER_NOT_FOUND");
        assertThat(deadLetters(staff)).extracting(Verification::getUserId).doesNotContain(user.getId());
        assertThat(audited(user))
                .containsSubsequence(
                        "VERIFICATION_DELAYED to be tried again, registry_unavailable",
                        "VERIFICATION_DELAYED parked, registry_unavailable",
                        "VERIFICATION_REPLAYED ");

        registries.answer(request, VerificationStatus.VERIFICATION_STATUS_VERIFIED, null);
        registries.awaitStatus(user, VerificationStatus.VERIFICATION_STATUS_VERIFIED);
    }

    @Test
    void staffAskAnewWhatARegistryDoesNotAnswer() throws Exception {
        var user = registries.registered(Registries.newNin());
        var staff = identity.verifications(people.token(Role.ROLE_EMPLOYEE));
        var retry =
                RetryVerificationRequest.newBuilder().setUserId(user.getId()).build();
        assertThatCall(() -> staff.retryVerification(retry)).fails(Code.FAILED_PRECONDITION, "VERIFICATION_PENDING");
        var first = registries.asked(user.getId(), 1);
        topics.publish(
                Registries.completed(
                                first,
                                VerificationStatus.VERIFICATION_STATUS_PENDING,
                                VerificationReason.VERIFICATION_REASON_REGISTRY_UNAVAILABLE)
                        .setParked(true)
                        .build(),
                1);
        Eventually.holds(
                "it is parked", MAX, () -> registries.verification(user).getParked());
        // Of what was discarded at the registry this brings nothing back.
        staff.replayDeadLetter(
                ReplayDeadLetterRequest.newBuilder().setUserId(user.getId()).build());
        assertThatCall(() -> identity.verifications(registries.token(user)).retryVerification(RETRY_MINE))
                .fails(Code.FAILED_PRECONDITION, "VERIFICATION_PENDING");

        var asked = staff.retryVerification(retry);

        assertThat(asked.getParked()).isFalse();
        assertThat(asked.getReason()).isEqualTo(VerificationReason.VERIFICATION_REASON_UNSPECIFIED);
        var second = registries.asked(user.getId(), 2);
        assertThat(second.getRequestId()).isNotEqualTo(first.getRequestId());
        registries.answer(second, VerificationStatus.VERIFICATION_STATUS_VERIFIED, null);
        registries.awaitStatus(user, VerificationStatus.VERIFICATION_STATUS_VERIFIED);
    }

    @Test
    void deadLettersComeInPagesTheLongestParkedFirst() throws Exception {
        var staff = identity.verifications(people.token(Role.ROLE_ADMIN));
        var users = List.of(
                registries.registered(Registries.newNin()),
                registries.registered(Registries.newNin()),
                registries.registered(Registries.newNin()));
        for (var user : users) {
            topics.publish(
                    Registries.completed(
                                    registries.asked(user.getId(), 1),
                                    VerificationStatus.VERIFICATION_STATUS_PENDING,
                                    VerificationReason.VERIFICATION_REASON_REGISTRY_UNAVAILABLE)
                            .setParked(true)
                            .build(),
                    1);
            Eventually.holds(
                    "it is parked", MAX, () -> registries.verification(user).getParked());
        }
        assertThat(deadLetters(staff).stream()
                        .map(Verification::getUserId)
                        .filter(id -> users.stream().anyMatch(user -> user.getId() == id)))
                .containsExactlyElementsOf(users.stream().map(User::getId).toList());
    }

    @Test
    void namesStayAsTheyAreWhileARegistryLooksAtThem() throws Exception {
        var user = registries.registered(Registries.newNin());
        var users = identity.users(registries.token(user));
        var change = UpdateUserRequest.newBuilder()
                .setId(user.getId())
                .setLastName("Lovelace")
                .build();
        assertThatCall(() -> users.updateUser(change)).fails(Code.FAILED_PRECONDITION, "IDENTITY_VERIFIED");
        registries.answer(
                registries.asked(user.getId(), 1),
                VerificationStatus.VERIFICATION_STATUS_REJECTED,
                VerificationReason.VERIFICATION_REASON_INCOMPLETE);
        registries.awaitStatus(user, VerificationStatus.VERIFICATION_STATUS_REJECTED);
        assertThat(users.updateUser(change).getLastName()).isEqualTo("Lovelace");
    }

    @Test
    void othersSeeAndAskForNothing() {
        var user = registries.registered(Registries.newNin());
        var other = identity.verifications(registries.token(identity.registered()));
        var his = GetVerificationRequest.newBuilder().setUserId(user.getId()).build();
        var retry =
                RetryVerificationRequest.newBuilder().setUserId(user.getId()).build();
        assertThatCall(() -> other.getVerification(his)).fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> other.retryVerification(retry)).fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThat(identity.verifications(people.token(Role.ROLE_EMPLOYEE))
                        .getVerification(his)
                        .getUserId())
                .isEqualTo(user.getId());
    }

    @Test
    void clientsAskAFewTimesADayAndStaffAsOftenAsTheyLike() throws Exception {
        var user = registries.registered(Registries.newNin());
        var own = identity.verifications(registries.token(user));
        for (var number = 1; number <= 6; number++) {
            registries.answer(
                    registries.asked(user.getId(), number),
                    VerificationStatus.VERIFICATION_STATUS_REJECTED,
                    VerificationReason.VERIFICATION_REASON_MISMATCH);
            registries.awaitStatus(user, VerificationStatus.VERIFICATION_STATUS_REJECTED);
            if (number < 6) {
                own.retryVerification(RETRY_MINE);
            }
        }
        assertThatCall(() -> own.retryVerification(RETRY_MINE))
                .fails(Code.RESOURCE_EXHAUSTED, "VERIFICATION_PAUSED")
                .hasRetryInfo();
        var staff = identity.verifications(people.token(Role.ROLE_EMPLOYEE));
        assertThat(staff.retryVerification(RetryVerificationRequest.newBuilder()
                                .setUserId(user.getId())
                                .build())
                        .getStatus())
                .isEqualTo(VerificationStatus.VERIFICATION_STATUS_PENDING);
    }

    @Test
    void theFirstRequestOfOneWhoGaveNoIdentifierCountsToo() throws Exception {
        var user = identity.registered();
        var own = identity.verifications(registries.token(user));
        own.retryVerification(RetryVerificationRequest.newBuilder()
                .setIdentifierType(IdentifierType.IDENTIFIER_TYPE_NIN)
                .setIdentifierValue(Registries.newNin())
                .build());
        for (var number = 1; number <= 5; number++) {
            registries.answer(
                    registries.asked(user.getId(), number),
                    VerificationStatus.VERIFICATION_STATUS_REJECTED,
                    VerificationReason.VERIFICATION_REASON_MISMATCH);
            registries.awaitStatus(user, VerificationStatus.VERIFICATION_STATUS_REJECTED);
            if (number < 5) {
                own.retryVerification(RETRY_MINE);
            }
        }
        assertThatCall(() -> own.retryVerification(RETRY_MINE)).fails(Code.RESOURCE_EXHAUSTED, "VERIFICATION_PAUSED");
    }

    @Test
    void registryServiceAloneReadsWhatItCompares() throws Exception {
        var nin = Registries.newNin();
        var user = registries.registered(nin);
        var first = registries.asked(user.getId(), 1);
        var registry = identity.verifications(machine("registry-service"));
        var subject = registry.getVerificationSubject(subject(first));
        assertThat(subject.getIdentifierType()).isEqualTo(IdentifierType.IDENTIFIER_TYPE_NIN);
        assertThat(subject.getIdentifierValue()).isEqualTo(nin);
        assertThat(subject.getFirstName()).isEqualTo("Ada");
        assertThat(subject.hasBirthday()).isFalse();

        registries.answer(
                first,
                VerificationStatus.VERIFICATION_STATUS_REJECTED,
                VerificationReason.VERIFICATION_REASON_INCOMPLETE);
        registries.awaitStatus(user, VerificationStatus.VERIFICATION_STATUS_REJECTED);
        identity.verifications(registries.token(user)).retryVerification(RETRY_MINE);
        assertThatCall(() -> registry.getVerificationSubject(subject(first)))
                .fails(Code.FAILED_PRECONDITION, "VERIFICATION_SUPERSEDED");
        assertThatCall(() -> registry.getVerificationSubject(
                        subject(first).toBuilder().setUserId(Integer.MAX_VALUE).build()))
                .fails(Code.NOT_FOUND, "VERIFICATION_NOT_FOUND");
        assertThatCall(() -> identity.verifications(machine("other")).getVerificationSubject(subject(first)))
                .hasCode(Code.PERMISSION_DENIED);
        assertThatCall(() -> identity.verifications(people.admin()).getVerificationSubject(subject(first)))
                .hasCode(Code.PERMISSION_DENIED);
    }

    private static GetVerificationSubjectRequest subject(VerificationRequested request) {
        return GetVerificationSubjectRequest.newBuilder()
                .setUserId(request.getUserId())
                .setRequestId(request.getRequestId())
                .build();
    }

    private static String machine(String client) {
        return OAuthForm.post(identity.oauth(), client, SECRET, "grant_type=client_credentials")
                .get("access_token");
    }

    private static List<Verification> deadLetters(
            bank.v1.VerificationServiceGrpc.VerificationServiceBlockingStub staff) {
        var all = new java.util.ArrayList<Verification>();
        var request = ListDeadLettersRequest.newBuilder().setPageSize(1);
        do {
            var page = staff.listDeadLetters(request.build());
            all.addAll(page.getVerificationsList());
            request.setPageToken(page.getNextPageToken());
        } while (!request.getPageToken().isEmpty());
        return all;
    }

    private static User me(User user) {
        return identity.users(registries.token(user))
                .getMe(GetMeRequest.getDefaultInstance())
                .getUser();
    }

    /// What the audit log has on a user, with the details, oldest first.
    private static List<String> audited(User user) {
        var request = ListAuditEventsRequest.newBuilder()
                .setSubject("user:" + user.getId())
                .setPageSize(200)
                .build();
        return identity.audit(people.admin()).listAuditEvents(request).getEventsList().reversed().stream()
                .map(VerificationIT::told)
                .toList();
    }

    private static String told(AuditEvent event) {
        return event.getType().toUpperCase(java.util.Locale.ROOT) + " " + event.getDetail();
    }

    /// Waits until so many answers about a user were worked.
    private static void awaitWorked(User user, int answers) throws Exception {
        topics.first(
                answers,
                bank.v1.VerificationCompleted.getDefaultInstance(),
                event -> event.getUserId() == user.getId());
        var read = topics.first(
                        answers,
                        bank.v1.VerificationCompleted.getDefaultInstance(),
                        event -> event.getUserId() == user.getId())
                .getLast();
        Eventually.holds(
                "the answer is worked",
                MAX,
                () -> !Sql.read(
                                postgres.database(),
                                "SELECT 1 FROM event_inbox WHERE event_id = '"
                                        + read.event().getId() + "'")
                        .isEmpty());
    }
}
