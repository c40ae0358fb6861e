package bank.registry.domain;

import bank.platform.auth.Principal;
import bank.platform.db.Database;
import bank.platform.db.Session;
import bank.registry.model.Identifier;
import bank.registry.model.IdentifierType;
import bank.registry.store.VerifiedPersonStore;
import java.util.Optional;

/// Which person of a registry a caller is: the one by whose identifier it verified him.
public final class OwnRecords {
    private final Database database;
    private final VerifiedPersonStore store;

    public OwnRecords(Database database, VerifiedPersonStore store) {
        this.database = database;
        this.store = store;
    }

    /// The caller's identifier; empty when the registry has not verified him.
    Optional<Identifier> of(Principal caller, IdentifierType type) {
        return database.read(session -> of(session, caller, type));
    }

    /// The same within a transaction, which has a connection already.
    Optional<Identifier> of(Session session, Principal caller, IdentifierType type) {
        return caller instanceof Principal.User user ? store.find(session, user.id(), type) : Optional.empty();
    }

    /// The caller reaches a person's record: staff that of everybody, a client his own.
    boolean covers(Principal caller, Identifier identifier) {
        return staff(caller)
                || of(caller, identifier.type()).filter(identifier::equals).isPresent();
    }

    static boolean staff(Principal caller) {
        return caller instanceof Principal.User user && user.staff();
    }
}
