package bank.registry.domain;

import bank.platform.auth.Principal;
import bank.platform.db.Session;
import bank.registry.model.Identifier;
import bank.registry.model.IdentifierType;
import bank.registry.model.PatientRoll;
import bank.registry.model.Person;
import bank.registry.model.Registry;
import bank.registry.model.RegistryException;
import bank.registry.model.RegistryFailure;
import java.util.List;
import java.util.Optional;

/// Patients of the NHS.
public final class Patients {
    private final Registry nhs;
    private final PatientRoll roll;
    private final OwnRecords own;

    /// @param roll whom staff see in a list
    public Patients(Registry nhs, PatientRoll roll, OwnRecords own) {
        this.nhs = nhs;
        this.roll = roll;
        this.own = own;
    }

    /// Patients the caller reaches, by NHS number, lowest first.
    ///
    /// @param after only those with a higher number
    public List<Person> list(Principal caller, String after, int rowsMax) {
        if (OwnRecords.staff(caller)) {
            return roll.page(after, rowsMax);
        }
        return own
                .of(caller, IdentifierType.NHS)
                .filter(number -> number.value().compareTo(after) > 0)
                .flatMap(nhs::find)
                .stream()
                .toList();
    }

    /// One patient the caller reaches.
    ///
    /// @param number NHS number; spaces do not count
    /// @throws RegistryException PatientNotFound
    public Person get(Principal caller, String number) {
        return Identifier.parse(IdentifierType.NHS, number)
                .filter(identifier -> own.covers(caller, identifier))
                .flatMap(nhs::find)
                .orElseThrow(Patients::notFound);
    }

    /// NHS number of the patient an appointment is for: a client himself, anybody known for staff.
    ///
    /// @param named the patient the caller names; empty when he names none
    /// @throws RegistryException NotVerified, PatientMissing, PatientNotFound
    public String patient(Principal caller, String named) {
        if (OwnRecords.staff(caller)) {
            if (named.isBlank()) {
                throw new RegistryException(new RegistryFailure.PatientMissing());
            }
            return get(caller, named).identifier().value();
        }
        return named.isBlank() ? requireOwn(caller) : requireOwn(caller, named);
    }

    /// NHS number of the caller.
    ///
    /// @throws RegistryException NotVerified
    String requireOwn(Principal caller) {
        return own(caller).orElseThrow(() -> new RegistryException(new RegistryFailure.NotVerified()));
    }

    private String requireOwn(Principal caller, String named) {
        var number = requireOwn(caller);
        return Identifier.parse(IdentifierType.NHS, named)
                .map(Identifier::value)
                .filter(number::equals)
                .orElseThrow(Patients::notFound);
    }

    /// NHS number of the caller; empty when the NHS has not verified him.
    Optional<String> own(Principal caller) {
        return own.of(caller, IdentifierType.NHS).map(Identifier::value);
    }

    /// The same within a transaction, which has a connection already.
    Optional<String> own(Session session, Principal caller) {
        return own.of(session, caller, IdentifierType.NHS).map(Identifier::value);
    }

    static RegistryException notFound() {
        return new RegistryException(new RegistryFailure.PatientNotFound());
    }
}
