package bank.registry.model;

import java.time.LocalDate;

/// A person as a registry knows him.
///
/// @param firstName given name
/// @param lastName family name
/// @param birthday day of birth
/// @param dead the registry says that he died
/// @param practice practice he is registered with; empty at HMRC
public record Person(
        Identifier identifier, String firstName, String lastName, LocalDate birthday, boolean dead, String practice) {

    /// Does not tell who it is, which logs must not hold.
    @Override
    public String toString() {
        return "person of " + identifier;
    }
}
