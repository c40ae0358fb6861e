package bank.registry.domain;

import bank.platform.auth.Principal;
import bank.platform.db.Database;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import bank.registry.events.RegistryEvents;
import bank.registry.model.Appointment;
import bank.registry.model.AppointmentFilter;
import bank.registry.model.AppointmentStatus;
import bank.registry.model.Identifier;
import bank.registry.model.IdentifierType;
import bank.registry.model.RegistryException;
import bank.registry.model.RegistryFailure;
import bank.registry.model.Slot;
import bank.registry.store.AppointmentStore;
import bank.registry.store.SlotStore;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Appointments with doctors of the NHS.
public final class Appointments {
    private final Database database;
    private final AppointmentStore store;
    private final SlotStore slots;
    private final Patients patients;
    private final RegistryEvents events;
    private final Clock clock;

    public Appointments(
            Database database,
            AppointmentStore store,
            SlotStore slots,
            Patients patients,
            RegistryEvents events,
            Clock clock) {
        this.database = database;
        this.store = store;
        this.slots = slots;
        this.patients = patients;
        this.events = events;
        this.clock = clock;
    }

    /// Books a slot for a patient.
    ///
    /// @throws RegistryException SlotNotFound, SlotPassed, SlotTaken
    /// @throws bank.platform.db.ConstraintViolatedException `appointment_slot_booked` when somebody was faster,
    ///     `appointment_overlap` when the patient has another appointment at that time
    public Appointment book(Tx tx, Principal caller, String nhsNumber, long slotId) {
        var slot = slots.find(tx, slotId)
                .orElseThrow(() -> new RegistryException(new RegistryFailure.SlotNotFound(slotId)));
        var now = clock.instant();
        requireAhead(slot, now);
        // Whoever comes late need not queue for that.
        if (store.booked(tx, slotId)) {
            throw new RegistryException(new RegistryFailure.SlotTaken(slotId));
        }
        store.lockPatient(tx, nhsNumber);
        var appointment = store.insert(tx, slot, nhsNumber, caller.name(), now);
        events.booked(tx, appointment, caller.name());
        return appointment;
    }

    /// One appointment the caller reaches.
    ///
    /// @throws RegistryException AppointmentNotFound
    public Appointment get(Principal caller, long id) {
        return database.read(session -> reached(session, caller, id, store.find(session, id)));
    }

    /// Cancels an appointment and frees its slot. One that is cancelled stays as it is.
    ///
    /// @throws RegistryException AppointmentNotFound, SlotPassed
    public Appointment cancel(Tx tx, Principal caller, long id) {
        var appointment = reached(tx, caller, id, store.lock(tx, id));
        if (appointment.status() == AppointmentStatus.CANCELLED) {
            return appointment;
        }
        var now = clock.instant();
        requireAhead(appointment.slot(), now);
        var cancelled = store.cancel(tx, id, caller.name(), now);
        events.cancelled(tx, cancelled, caller.name());
        return cancelled;
    }

    /// Appointments the caller reaches, newest first: a client's own, none while he is not verified.
    ///
    /// @param before only those with a lower number
    /// @throws RegistryException PatientNotFound, when a client asks for another's
    public List<Appointment> list(Principal caller, AppointmentFilter filter, long before, int rowsMax) {
        var named = Optional.ofNullable(filter.nhsNumber())
                .map(text -> Identifier.parse(IdentifierType.NHS, text)
                        .map(Identifier::value)
                        .orElseThrow(Patients::notFound));
        var number = named;
        if (!OwnRecords.staff(caller)) {
            number = patients.own(caller);
            if (named.isPresent() && !named.equals(number)) {
                throw Patients.notFound();
            }
            if (number.isEmpty()) {
                return List.of();
            }
        }
        var reached = new AppointmentFilter(number.orElse(null), filter.status());
        return database.read(session -> store.list(session, reached, before, rowsMax));
    }

    private Appointment reached(Session session, Principal caller, long id, Optional<Appointment> found) {
        return found.filter(appointment -> OwnRecords.staff(caller)
                        || patients.own(session, caller)
                                .filter(appointment.nhsNumber()::equals)
                                .isPresent())
                .orElseThrow(() -> new RegistryException(new RegistryFailure.AppointmentNotFound(id)));
    }

    private static void requireAhead(Slot slot, Instant now) {
        if (!slot.ahead(now)) {
            throw new RegistryException(new RegistryFailure.SlotPassed(slot.id()));
        }
    }
}
