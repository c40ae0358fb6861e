package bank.registry.model;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// What a user says of himself, for a registry to confirm.
///
/// @param firstName empty when he told none
/// @param lastName empty when he told none
/// @param birthday null when he told none
public record Subject(
        Identifier identifier, String firstName, String lastName, @Nullable LocalDate birthday) {

    /// Does not tell who it is, which logs must not hold.
    @Override
    public String toString() {
        return "subject with " + identifier;
    }
}
