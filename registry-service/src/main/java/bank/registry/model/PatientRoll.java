package bank.registry.model;

import java.util.List;

/// The patients that staff see in a list.
public interface PatientRoll {
    /// Patients by NHS number, lowest first.
    ///
    /// @param after only those with a higher number
    /// @throws RegistryUnavailableException when they cannot be told
    List<Person> page(String after, int rowsMax);
}
