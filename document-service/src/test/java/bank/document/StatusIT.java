package bank.document;

import static bank.testing.StatusAssert.assertThatCall;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_APPROVED;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_ARCHIVED;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_PENDING;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_PROCESSED;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_PROCESSING;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_REJECTED;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_REQUIRES_REVIEW;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.StatusAssert;
import bank.v1.DocumentEventType;
import bank.v1.DocumentStatus;
import bank.v1.SetDocumentStatusRequest;
import bank.v1.SetDocumentStatusResponse;
import com.google.type.Date;
import io.grpc.Status.Code;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StatusIT {
    @RegisterExtension
    static final DocumentServiceExtension service = new DocumentServiceExtension();

    private static final Documents documents = new Documents(service);

    @Test
    void movesADocumentAlongAndWritesItsHistory() {
        var id = documents.pending();
        var plan = Date.newBuilder().setYear(2027).setMonth(1).setDay(31).build();
        var first = service.employee()
                .reviews()
                .setDocumentStatus(SetDocumentStatusRequest.newBuilder()
                        .setId(id)
                        .setStatus(DOCUMENT_STATUS_PROCESSING)
                        .setPlanMaturityDate(plan)
                        .setComment("Принято в работу")
                        .build());
        assertThat(first.getUpdatedBy()).isEqualTo(TestIdentity.EMPLOYEE);
        assertThat(first.getEtag()).isEqualTo("2");
        documents.set(service.admin(), id, DOCUMENT_STATUS_APPROVED);

        var document = documents.get(id);

        assertThat(document.getStatus()).isEqualTo(DOCUMENT_STATUS_APPROVED);
        assertThat(document.getWorkerId()).isEqualTo(TestIdentity.ADMIN);
        assertThat(document.getPlanMaturityDate()).isEqualTo(plan);
        var today = LocalDate.ofInstant(service.clock.instant(), ZoneOffset.UTC);
        assertThat(document.getFactMaturityDate().getDay()).isEqualTo(today.getDayOfMonth());
        assertThat(document.getEtag()).isEqualTo("3");
        var history = documents.history(id);
        assertThat(history).hasSize(3);
        assertThat(history.get(0).getActor()).isEqualTo("user:" + TestIdentity.ADMIN);
        assertThat(history.get(0).getFromStatus()).isEqualTo(DOCUMENT_STATUS_PROCESSING);
        assertThat(history.get(0).getToStatus()).isEqualTo(DOCUMENT_STATUS_APPROVED);
        assertThat(history.get(1).getComment()).isEqualTo("Принято в работу");
        assertThat(history.get(2).getType()).isEqualTo(DocumentEventType.DOCUMENT_EVENT_TYPE_UPLOADED);
        assertThat(history.get(2).getActor()).isEqualTo("user:" + TestIdentity.CLIENT);
        assertThat(history.get(2).getFromStatus()).isEqualTo(DocumentStatus.DOCUMENT_STATUS_UNSPECIFIED);
    }

    @Test
    void setsTheDayOfTheEndOnlyWhereProcessingEnds() {
        for (var status : List.of(DOCUMENT_STATUS_APPROVED, DOCUMENT_STATUS_PROCESSED, DOCUMENT_STATUS_REJECTED)) {
            assertThat(documents
                            .get(documents.in(DOCUMENT_STATUS_PROCESSING, status))
                            .hasFactMaturityDate())
                    .isTrue();
        }
        assertThat(documents
                        .get(documents.in(DOCUMENT_STATUS_PROCESSING, DOCUMENT_STATUS_REQUIRES_REVIEW))
                        .hasFactMaturityDate())
                .isFalse();
    }

    @Test
    void refusesStepsTheStatusMachineDoesNotHave() {
        var id = documents.pending();
        assertThatCall(() -> documents.set(service.employee(), id, DOCUMENT_STATUS_APPROVED))
                .fails(Code.FAILED_PRECONDITION, "ILLEGAL_STATUS_CHANGE")
                .hasMetadata("from", "pending")
                .hasMetadata("to", "approved")
                .hasPreconditionViolation("STATUS")
                .hasDescriptionContaining("pending");
        var archived = documents.in(DOCUMENT_STATUS_PROCESSING, DOCUMENT_STATUS_PROCESSED, DOCUMENT_STATUS_ARCHIVED);
        assertThatCall(() -> documents.set(service.employee(), archived, DOCUMENT_STATUS_PROCESSING))
                .fails(Code.FAILED_PRECONDITION, "ILLEGAL_STATUS_CHANGE");
        assertThatCall(() -> documents.set(service.employee(), id, DocumentStatus.DOCUMENT_STATUS_UNSPECIFIED))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD");
        assertThatCall(() -> documents.set(service.employee(), Long.MAX_VALUE, DOCUMENT_STATUS_PROCESSING))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> documents.set(service.client(), id, DOCUMENT_STATUS_PROCESSING))
                .fails(Code.PERMISSION_DENIED, "ROLE_MISSING");
    }

    @Test
    void writesTheChangeToTheEmployeeWhoMayBeNamed() {
        assertThat(named(service.employee(), TestIdentity.EMPLOYEE).getUpdatedBy())
                .isEqualTo(TestIdentity.EMPLOYEE);
        assertThat(named(service.admin(), TestIdentity.OTHER_EMPLOYEE).getUpdatedBy())
                .isEqualTo(TestIdentity.OTHER_EMPLOYEE);
        assertThat(named(service.machine("documents:process"), TestIdentity.EMPLOYEE)
                        .getUpdatedBy())
                .isEqualTo(TestIdentity.EMPLOYEE);
        assertThatCall(() -> named(service.employee(), TestIdentity.OTHER_EMPLOYEE))
                .fails(Code.PERMISSION_DENIED, "WORKER_FORBIDDEN");
        assertThatCall(() -> named(service.admin(), TestIdentity.CLIENT))
                .fails(Code.INVALID_ARGUMENT, "UNKNOWN_WORKER");
        assertThatCall(() -> named(service.machine("documents:process"), 999_999))
                .fails(Code.INVALID_ARGUMENT, "UNKNOWN_WORKER")
                .hasFieldViolation("worker_id");
        var id = documents.pending();
        assertThatCall(() -> documents.set(service.machine("documents:process"), id, DOCUMENT_STATUS_PROCESSING))
                .fails(Code.INVALID_ARGUMENT, "WORKER_MISSING");
        assertThatCall(() -> documents.set(service.machine("documents:read"), id, DOCUMENT_STATUS_PROCESSING))
                .fails(Code.PERMISSION_DENIED, "SCOPE_MISSING");
    }

    @Test
    void refusesAChangeMeantForAnotherState() {
        var id = documents.pending();
        assertThatCall(() ->
                        documents.set(service.employee().with("if-match", "\"7\""), id, DOCUMENT_STATUS_PROCESSING))
                .fails(Code.ABORTED, "ETAG_MISMATCH")
                .hasMetadata("etag", "1");
        assertThat(documents.get(id).getStatus()).isEqualTo(DOCUMENT_STATUS_PENDING);
        documents.set(service.employee().with("if-match", "\"1\""), id, DOCUMENT_STATUS_PROCESSING);
    }

    @Test
    void letsOneOfManyConcurrentChangesWin() throws Exception {
        var id = documents.in(DOCUMENT_STATUS_PROCESSING);
        List<Callable<SetDocumentStatusResponse>> changes = List.of(
                () -> documents.set(service.employee(), id, DOCUMENT_STATUS_APPROVED),
                () -> documents.set(service.employee(), id, DOCUMENT_STATUS_PROCESSED),
                () -> documents.set(service.admin(), id, DOCUMENT_STATUS_REJECTED),
                () -> documents.set(service.admin(), id, DOCUMENT_STATUS_REQUIRES_REVIEW));
        var outcomes = Together.run(changes);
        var won = outcomes.stream().filter(Together.Outcome::succeeded).toList();
        assertThat(won).hasSize(1);
        assertThat(documents.get(id).getStatus())
                .isEqualTo(won.getFirst().value().getNewStatus());
        assertThat(documents.history(id)).hasSize(3);
        outcomes.stream()
                .filter(outcome -> !outcome.succeeded())
                .forEach(outcome -> StatusAssert.assertThatFailure(outcome.failure())
                        .fails(Code.FAILED_PRECONDITION, "ILLEGAL_STATUS_CHANGE"));
    }

    @Test
    void repeatsAndTriesChangesWithoutEffect() {
        var id = documents.pending();
        documents.set(service.employee().with("validate-only", "true"), id, DOCUMENT_STATUS_PROCESSING);
        assertThat(documents.get(id).getStatus()).isEqualTo(DOCUMENT_STATUS_PENDING);
        var keyed = service.employee().with("idempotency-key", "status-" + id);
        var first = documents.set(keyed, id, DOCUMENT_STATUS_PROCESSING);
        assertThat(documents.set(keyed, id, DOCUMENT_STATUS_PROCESSING)).isEqualTo(first);
        assertThatCall(() -> documents.set(keyed, id, DOCUMENT_STATUS_APPROVED))
                .fails(Code.INVALID_ARGUMENT, "KEY_REUSED");
        assertThat(documents.history(id)).hasSize(2);
    }

    private static SetDocumentStatusResponse named(DocumentServiceExtension.Caller caller, long worker) {
        return caller.reviews()
                .setDocumentStatus(SetDocumentStatusRequest.newBuilder()
                        .setId(documents.pending())
                        .setStatus(DOCUMENT_STATUS_PROCESSING)
                        .setWorkerId(worker)
                        .build());
    }
}
