package bank.registry.model;

/// Whether an appointment takes place.
public enum AppointmentStatus {
    /// It does; nobody else has its slot.
    BOOKED,
    /// It does not; its slot is free.
    CANCELLED
}
