package bank.registry.rpc;

import bank.platform.db.ConstraintViolatedException;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureTranslator;
import bank.registry.model.RegistryException;
import bank.registry.model.RegistryFailure;
import bank.registry.model.RegistryUnavailableException;
import io.grpc.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What callers are told of the failures of registers and appointments.
public final class RegistryStatuses implements FailureTranslator {
    private static final Duration PAUSE = Duration.ofSeconds(5);

    @Override
    public @Nullable Failure translate(RuntimeException exception) {
        return switch (exception) {
            case RegistryException known -> failure(known.failure());
            case RegistryUnavailableException down ->
                Failure.of(Status.Code.UNAVAILABLE, "REGISTRY_UNAVAILABLE", "the registry does not answer")
                        .retryAfter(PAUSE);
            case ConstraintViolatedException violated -> broken(violated.constraint());
            default -> null;
        };
    }

    /// What a booking breaks that another was faster than.
    private static @Nullable Failure broken(String constraint) {
        return switch (constraint) {
            case "appointment_slot_booked" -> slotTaken();
            case "appointment_overlap" ->
                Failure.of(
                        Status.Code.ALREADY_EXISTS,
                        "APPOINTMENT_OVERLAPS",
                        "the patient has another appointment at the time of the slot");
            default -> null;
        };
    }

    private static Failure failure(RegistryFailure failure) {
        return switch (failure) {
            case RegistryFailure.PatientNotFound() ->
                Failure.of(Status.Code.NOT_FOUND, "PATIENT_NOT_FOUND", "patient not found");
            case RegistryFailure.TaxpayerNotFound() ->
                Failure.of(Status.Code.NOT_FOUND, "TAXPAYER_NOT_FOUND", "taxpayer not found");
            case RegistryFailure.SlotNotFound(var id) ->
                slot(id, Failure.of(Status.Code.NOT_FOUND, "SLOT_NOT_FOUND", "slot " + id + " not found"));
            case RegistryFailure.AppointmentNotFound(var id) ->
                Failure.of(Status.Code.NOT_FOUND, "APPOINTMENT_NOT_FOUND", "appointment " + id + " not found")
                        .with("appointment_id", Long.toString(id));
            case RegistryFailure.NotVerified() ->
                Failure.of(
                        Status.Code.PERMISSION_DENIED,
                        "NOT_VERIFIED",
                        "the NHS has not verified you: verify your NHS number first");
            case RegistryFailure.PatientMissing() ->
                Failure.invalid("INVALID_FIELD", "nhs_number", "say for which patient it is");
            case RegistryFailure.SlotTaken(var id) -> slot(id, slotTaken());
            case RegistryFailure.SlotPassed(var id) ->
                slot(id, Failure.precondition("SLOT_PASSED", "TIME", "slot/" + id, "slot/" + id + " has begun"));
            case RegistryFailure.DeathFormal() ->
                Failure.precondition(
                        "DEATH_FORMAL",
                        "STATUS",
                        "taxpayer",
                        "the death is registered, which an informal notice does not replace");
        };
    }

    private static Failure slotTaken() {
        return Failure.of(Status.Code.ALREADY_EXISTS, "SLOT_TAKEN", "the slot is not free any more");
    }

    private static Failure slot(long id, Failure failure) {
        return failure.with("slot_id", Long.toString(id));
    }
}
