package bank.registry.model;

import java.util.Optional;

/// A registry of people: a table of the sandbox, or a system of others over HTTP.
public interface Registry {
    /// The person with an identifier of this registry. Empty when the registry says that there is none.
    ///
    /// @throws RegistryUnavailableException when it gives no answer, or none that can be believed
    Optional<Person> find(Identifier identifier);
}
