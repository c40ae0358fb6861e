package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.AuditBreakKind;
import bank.v1.AuditEvent;
import bank.v1.ListAuditEventsRequest;
import bank.v1.VerifyAuditRequest;
import bank.v1.VerifyAuditResponse;
import com.google.protobuf.Timestamp;
import io.grpc.Status.Code;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whoever has the database alone can change nothing in the audit log without being noticed.
final class AuditLogIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final TestClock clock = new TestClock(START);
    private static RunningIdentity identity;
    private static String admin;
    private static long newest;

    @BeforeAll
    static void fill() throws SQLException {
        identity = RunningIdentity.start(postgres.database(), clock, Map.of("bank.identity.demo", "true"));
        for (var i = 0; i < 3; i++) {
            clock.advance(Duration.ofHours(1));
            var email = identity.registered().getEmail();
            assertThat(identity.login(email, RunningIdentity.PASSWORD)).isNotNull();
            assertThatCall(() -> identity.login(email, "not the password"))
                    .fails(Code.UNAUTHENTICATED, "BAD_CREDENTIALS");
        }
        admin = identity.login("admin@demo.test", "demo-Passw0rd-2026").getAccessToken();
        newest = Long.parseLong(
                Sql.read(postgres.database(), "SELECT number FROM audit_head").getFirst());
        sql("CREATE TABLE kept_event AS SELECT * FROM audit_event");
        sql("CREATE TABLE kept_head AS SELECT * FROM audit_head");
        sql("ALTER TABLE audit_event DISABLE TRIGGER USER");
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @AfterEach
    void restore() throws SQLException {
        sql("ALTER TABLE audit_event DISABLE TRIGGER USER");
        sql("TRUNCATE audit_event");
        sql("INSERT INTO audit_event SELECT * FROM kept_event");
        sql("UPDATE audit_head SET (number, code) = (SELECT number, code FROM kept_head)");
    }

    @Test
    void isWholeAsItWasWritten() {
        var answer = verify(request -> request);
        assertThat(answer.getWhole()).isTrue();
        assertThat(answer.getNumber()).isEqualTo(newest).isEqualTo(answer.getNewest());
        assertThat(answer.getCode()).matches("[0-9a-f]{64}");
        assertThat(answer.hasBroken()).isFalse();
        assertThat(verify(request -> request.setKeptNumber(newest).setKeptCode(answer.getCode()))
                        .getWhole())
                .isTrue();
    }

    @Test
    void isVerifiedInPieces() {
        var first = verify(request -> request.setCount(3));
        assertThat(first.getWhole()).isFalse();
        assertThat(first.hasBroken()).isFalse();
        assertThat(first.getNumber()).isEqualTo(3);
        var rest = verify(request -> request.setFrom(4));
        assertThat(rest.getWhole()).isTrue();
        assertThat(rest.getCode()).isEqualTo(verify(request -> request).getCode());
        assertThat(verify(request -> request.setFrom(newest + 1)).getWhole()).isTrue();
    }

    record Tampering(String sql, long number, AuditBreakKind kind) {}

    static Stream<Tampering> tamperings() {
        var changed = Stream.of(
                        "at = at + interval '1 microsecond'",
                        "at = 'infinity'",
                        "type = 'SIGNED_OUT'",
                        "actor = actor || 'x'",
                        "subject = 'user:1'",
                        "address = '192.0.2.1'",
                        "agent = agent || ' '",
                        "request_id = ''",
                        "detail = 'nothing'",
                        "detail = subject, subject = detail",
                        "code = (SELECT code FROM audit_event WHERE number = 5)")
                .map(set -> new Tampering(
                        "UPDATE audit_event SET " + set + " WHERE number = 4",
                        4,
                        AuditBreakKind.AUDIT_BREAK_KIND_CHANGED));
        var others = Stream.of(
                new Tampering("DELETE FROM audit_event WHERE number = 4", 4, AuditBreakKind.AUDIT_BREAK_KIND_MISSING),
                new Tampering("DELETE FROM audit_event WHERE number = 1", 1, AuditBreakKind.AUDIT_BREAK_KIND_MISSING),
                new Tampering(
                        "DELETE FROM audit_event WHERE number = 4;"
                                + "UPDATE audit_event SET number = number - 1 WHERE number = 5;",
                        4,
                        AuditBreakKind.AUDIT_BREAK_KIND_CHANGED),
                new Tampering(
                        "UPDATE audit_event SET number = -4 WHERE number = 4;"
                                + "UPDATE audit_event SET number = 4 WHERE number = 5;"
                                + "UPDATE audit_event SET number = 5 WHERE number = -4",
                        4,
                        AuditBreakKind.AUDIT_BREAK_KIND_CHANGED),
                new Tampering("DELETE FROM audit_event WHERE number > 5", 6, AuditBreakKind.AUDIT_BREAK_KIND_CUT_OFF),
                new Tampering("DELETE FROM audit_event", 1, AuditBreakKind.AUDIT_BREAK_KIND_CUT_OFF),
                new Tampering(
                        "UPDATE audit_head SET (number, code) ="
                                + " (SELECT number, code FROM audit_event WHERE number = 5)",
                        6,
                        AuditBreakKind.AUDIT_BREAK_KIND_SURPLUS),
                new Tampering(
                        "DELETE FROM audit_event WHERE number > 5;"
                                + "INSERT INTO audit_event SELECT 6, at, type, actor, subject, address, agent,"
                                + " request_id, detail, code FROM audit_event WHERE number = 5;"
                                + "UPDATE audit_head SET (number, code) ="
                                + " (SELECT number, code FROM audit_event WHERE number = 6)",
                        6,
                        AuditBreakKind.AUDIT_BREAK_KIND_CHANGED));
        return Stream.concat(changed, others);
    }

    @ParameterizedTest
    @MethodSource("tamperings")
    void showsWhatWasTamperedWith(Tampering tampering) throws SQLException {
        sql(tampering.sql());
        var answer = verify(request -> request);
        assertThat(answer.getWhole()).isFalse();
        assertThat(answer.getBroken().getNumber()).isEqualTo(tampering.number());
        assertThat(answer.getBroken().getKind()).isEqualTo(tampering.kind());
        assertThat(answer.getNumber()).isEqualTo(tampering.number() - 1);
    }

    @Test
    void cutOffTogetherWithItsHeadItIsFoundOutByARowThatWasKept() throws SQLException {
        var kept = verify(request -> request);
        sql("DELETE FROM audit_event WHERE number > 5");
        sql("UPDATE audit_head SET (number, code) = (SELECT number, code FROM audit_event WHERE number = 5)");
        assertThat(verify(request -> request).getWhole()).isTrue();
        var answer = verify(request -> request.setKeptNumber(newest).setKeptCode(kept.getCode()));
        assertThat(answer.getWhole()).isFalse();
        assertThat(answer.getBroken().getNumber()).isEqualTo(6);
        assertThat(answer.getBroken().getKind()).isEqualTo(AuditBreakKind.AUDIT_BREAK_KIND_CUT_OFF);
    }

    @Test
    void writtenAnewItIsFoundOutByARowThatWasKept() {
        var answer = verify(request -> request.setKeptNumber(4).setKeptCode("0".repeat(64)));
        assertThat(answer.getWhole()).isFalse();
        assertThat(answer.getBroken().getNumber()).isEqualTo(4);
        assertThat(answer.getBroken().getKind()).isEqualTo(AuditBreakKind.AUDIT_BREAK_KIND_REPLACED);
    }

    @Test
    void refusesAKeptRowWithoutItsCode() {
        assertThatCall(() -> verify(request -> request.setKeptNumber(4))).fails(Code.INVALID_ARGUMENT, "INVALID_FIELD");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE audit_event SET detail = '' WHERE number = 1",
                "DELETE FROM audit_event WHERE number = 1",
                "TRUNCATE audit_event"
            })
    void theDatabaseItselfRefusesChanges(String change) throws SQLException {
        sql("ALTER TABLE audit_event ENABLE TRIGGER USER");
        assertThatThrownBy(() -> sql(change)).hasMessageContaining("audit events are only ever added");
    }

    @Test
    void listsTheNewestFirstPageByPage() {
        var numbers = new ArrayList<Long>();
        var token = "";
        do {
            var page = identity.audit(admin)
                    .listAuditEvents(ListAuditEventsRequest.newBuilder()
                            .setPageSize(4)
                            .setPageToken(token)
                            .build());
            assertThat(page.getEventsCount()).isBetween(1, 4);
            page.getEventsList().forEach(event -> numbers.add(event.getNumber()));
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        var expected = new ArrayList<Long>();
        for (var number = newest; number > 0; number--) {
            expected.add(number);
        }
        assertThat(numbers).isEqualTo(expected);
    }

    @Test
    void listsByEachCriterion() {
        var all = list(request -> request.setPageSize(200));
        var refused = list(request -> request.setType("sign_in_refused"));
        assertThat(refused).hasSize(3).allSatisfy(event -> {
            assertThat(event.getActor()).isEqualTo("anonymous");
            assertThat(event.getSubject()).startsWith("user:");
            assertThat(event.getAddress()).isEqualTo("127.0.0.1");
            assertThat(event.getDetail()).isEqualTo("wrong password");
        });
        var user = refused.getFirst().getSubject();
        assertThat(list(request -> request.setSubject(user)))
                .hasSize(3)
                .allSatisfy(event -> assertThat(event.getSubject()).isEqualTo(user));
        assertThat(list(request -> request.setActor("system")))
                .extracting(AuditEvent::getType)
                .containsOnly("client_configured");
        assertThat(list(request -> request.setActor("nobody"))).isEmpty();
        var second = START.plus(Duration.ofHours(2));
        assertThat(list(request -> request.setFrom(timestamp(second)).setTo(timestamp(second))))
                .isEqualTo(all.stream()
                        .filter(event -> event.getAt().equals(timestamp(second)))
                        .toList())
                .hasSize(3);
        assertThatCall(() -> list(request -> request.setType("no_such_thing")))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("type");
    }

    @Test
    void isForAdministrators() {
        var employee =
                identity.login("employee@demo.test", "demo-Passw0rd-2026").getAccessToken();
        assertThatCall(() -> identity.audit(employee).listAuditEvents(ListAuditEventsRequest.getDefaultInstance()))
                .fails(Code.PERMISSION_DENIED, "ROLE_MISSING");
        assertThatCall(() -> identity.audit(employee).verifyAudit(VerifyAuditRequest.getDefaultInstance()))
                .fails(Code.PERMISSION_DENIED, "ROLE_MISSING");
    }

    private static List<AuditEvent> list(UnaryOperator<ListAuditEventsRequest.Builder> request) {
        return identity.audit(admin)
                .listAuditEvents(
                        request.apply(ListAuditEventsRequest.newBuilder()).build())
                .getEventsList();
    }

    private static VerifyAuditResponse verify(UnaryOperator<VerifyAuditRequest.Builder> request) {
        return identity.audit(admin)
                .verifyAudit(request.apply(VerifyAuditRequest.newBuilder()).build());
    }

    private static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder().setSeconds(instant.getEpochSecond()).build();
    }

    private static void sql(String statements) throws SQLException {
        Sql.update(postgres.database(), statements);
    }
}
