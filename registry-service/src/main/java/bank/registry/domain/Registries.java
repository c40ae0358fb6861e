package bank.registry.domain;

import bank.registry.model.Identifier;
import bank.registry.model.Person;
import bank.registry.model.Registry;
import java.util.Optional;

/// The registries, each asked for its own identifiers.
///
/// @param nhs knows patients
/// @param hmrc knows taxpayers
public record Registries(Registry nhs, Registry hmrc) implements Registry {
    @Override
    public Optional<Person> find(Identifier identifier) {
        return switch (identifier.type()) {
            case NIN -> hmrc.find(identifier);
            case NHS -> nhs.find(identifier);
        };
    }
}
