package bank.registry.model;

import org.jspecify.annotations.Nullable;

/// Which appointments a list shows.
///
/// @param nhsNumber only those of this patient
/// @param status only those in this status
public record AppointmentFilter(
        @Nullable String nhsNumber, @Nullable AppointmentStatus status) {}
