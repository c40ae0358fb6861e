package bank.registry.events;

import bank.platform.db.Tx;
import bank.platform.events.Event;
import bank.platform.events.Outbox;
import bank.registry.model.Appointment;
import bank.registry.model.DeathNotice;
import bank.registry.model.Rejection;
import bank.registry.model.VerificationRequest;
import bank.registry.model.VerificationState;
import bank.v1.ActivityLogged;
import bank.v1.DeathNotified;
import bank.v1.DeathState;
import bank.v1.VerificationCompleted;
import bank.v1.VerificationReason;
import bank.v1.VerificationStatus;
import java.util.Locale;

/// Events of the registries, into the transaction of what they tell of.
public final class RegistryEvents {
    private final Outbox outbox;

    public RegistryEvents(Outbox outbox) {
        this.outbox = outbox;
    }

    /// How far a verification is.
    ///
    /// @param attempts how often the registry was asked
    public void verification(Tx tx, VerificationRequest request, VerificationState state, int attempts) {
        var event = VerificationCompleted.newBuilder()
                .setUserId(request.userId())
                .setRequestId(request.requestId())
                .setAttempts(attempts);
        switch (state) {
            case VerificationState.Verified() -> event.setOutcome(VerificationStatus.VERIFICATION_STATUS_VERIFIED);
            case VerificationState.Rejected(var why) ->
                event.setOutcome(VerificationStatus.VERIFICATION_STATUS_REJECTED)
                        .setReason(reason(why));
            case VerificationState.Unanswered(var parked) ->
                event.setOutcome(VerificationStatus.VERIFICATION_STATUS_PENDING)
                        .setReason(VerificationReason.VERIFICATION_REASON_REGISTRY_UNAVAILABLE)
                        .setParked(parked);
        }
        outbox.append(tx, Event.of(event.build(), request.version()));
    }

    /// A notice of death.
    ///
    /// @param caller who reported it
    public void death(Tx tx, DeathNotice notice, String caller) {
        var event = DeathNotified.newBuilder()
                .setReference(notice.reference().toString())
                .setNin(notice.nin())
                .setState(state(notice))
                .build();
        outbox.append(tx, Event.of(event, notice.version()));
        var said = notice.state().name().toLowerCase(Locale.ROOT);
        happened(tx, caller, "death.reported", "death_notice:" + notice.reference(), said);
    }

    /// An appointment was booked.
    public void booked(Tx tx, Appointment appointment, String caller) {
        happened(tx, caller, "appointment.booked", subject(appointment), slot(appointment));
    }

    /// An appointment was cancelled.
    public void cancelled(Tx tx, Appointment appointment, String caller) {
        happened(tx, caller, "appointment.cancelled", subject(appointment), slot(appointment));
    }

    private static String subject(Appointment appointment) {
        return "appointment:" + appointment.id();
    }

    private static String slot(Appointment appointment) {
        return "slot:" + appointment.slot().id();
    }

    /// Of whom it is, by which number, is not for those who watch what goes on.
    private void happened(Tx tx, String actor, String action, String subject, String detail) {
        var event = ActivityLogged.newBuilder()
                .setActor(actor)
                .setAction(action)
                .setSubject(subject)
                .setDetail(detail)
                .build();
        outbox.append(tx, Event.of(event, 0));
    }

    private static VerificationReason reason(Rejection rejection) {
        return switch (rejection) {
            case INCOMPLETE -> VerificationReason.VERIFICATION_REASON_INCOMPLETE;
            case UNKNOWN_IDENTIFIER -> VerificationReason.VERIFICATION_REASON_UNKNOWN_IDENTIFIER;
            case MISMATCH -> VerificationReason.VERIFICATION_REASON_MISMATCH;
            case DECEASED -> VerificationReason.VERIFICATION_REASON_DECEASED;
            case IDENTIFIER_TAKEN -> VerificationReason.VERIFICATION_REASON_IDENTIFIER_TAKEN;
        };
    }

    private static DeathState state(DeathNotice notice) {
        return switch (notice.state()) {
            case INFORMAL -> DeathState.DEATH_STATE_INFORMAL;
            case FORMAL -> DeathState.DEATH_STATE_FORMAL;
            case REMOVED -> DeathState.DEATH_STATE_REMOVED;
        };
    }
}
