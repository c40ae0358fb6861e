package bank.identity.domain;

import bank.identity.model.Identifier;
import bank.identity.model.IdentifierType;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure.FieldInvalid;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Identifiers as users give them.
final class GivenIdentifiers {
    private GivenIdentifiers() {}

    /// The identifier; empty when none was given.
    ///
    /// @param type null when none was named
    /// @param value empty when none was named
    /// @param sandbox take the sample identifiers of the sandbox registries
    /// @throws IdentityException FieldInvalid
    static Optional<Identifier> read(@Nullable IdentifierType type, String value, boolean sandbox) {
        if (type == null && value.isEmpty()) {
            return Optional.empty();
        }
        if (type == null) {
            throw invalid("identifier_type", "must be set together with identifier_value");
        }
        if (value.isEmpty()) {
            throw invalid("identifier_value", "must be set together with identifier_type");
        }
        var identifier = Identifier.parse(type, value, sandbox);
        if (identifier.isEmpty()) {
            throw invalid("identifier_value", "is no valid " + type + " number");
        }
        return identifier;
    }

    private static IdentityException invalid(String field, String description) {
        return new IdentityException(new FieldInvalid(field, description));
    }
}
