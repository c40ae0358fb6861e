package bank.registry.model;

/// Why something cannot be done with registers and appointments.
public sealed interface RegistryFailure {
    /// The NHS knows no such patient, or he is not the caller.
    record PatientNotFound() implements RegistryFailure {}

    /// HMRC knows no such taxpayer, or he is not the caller.
    record TaxpayerNotFound() implements RegistryFailure {}

    /// There is no such slot.
    record SlotNotFound(long slotId) implements RegistryFailure {}

    /// There is no such appointment, or it is not the caller's.
    record AppointmentNotFound(long appointmentId) implements RegistryFailure {}

    /// The NHS has not verified the caller, so that nobody knows which patient he is.
    record NotVerified() implements RegistryFailure {}

    /// A caller who is no client did not say for which patient.
    record PatientMissing() implements RegistryFailure {}

    /// Somebody has the slot.
    record SlotTaken(long slotId) implements RegistryFailure {}

    /// The slot has begun.
    record SlotPassed(long slotId) implements RegistryFailure {}

    /// The death is registered, which no rumour replaces.
    record DeathFormal() implements RegistryFailure {}
}
