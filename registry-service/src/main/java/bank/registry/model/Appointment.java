package bank.registry.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A booked slot.
///
/// @param id number of the appointment; later ones have higher ones
/// @param nhsNumber the patient
/// @param cancelledAt null while it is booked
public record Appointment(
        long id,
        Slot slot,
        String nhsNumber,
        AppointmentStatus status,
        Instant bookedAt,
        @Nullable Instant cancelledAt) {}
