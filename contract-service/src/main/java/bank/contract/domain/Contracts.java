package bank.contract.domain;

import bank.contract.client.UserClient;
import bank.contract.events.ContractEvents;
import bank.contract.model.Contract;
import bank.contract.model.ContractException;
import bank.contract.model.ContractFailure;
import bank.contract.model.ContractFilter;
import bank.contract.model.ContractStatus;
import bank.contract.store.ContractStore;
import bank.platform.auth.Principal;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import bank.platform.grpc.EntityTags;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Contracts: drawn up, read, changed.
public final class Contracts {
    private final Database database;
    private final ContractStore store;
    private final UserClient users;
    private final ContractEvents events;
    private final Clock clock;

    public Contracts(Database database, ContractStore store, UserClient users, ContractEvents events, Clock clock) {
        this.database = database;
        this.store = store;
        this.users = users;
        this.events = events;
        this.clock = clock;
    }

    /// The user a new contract is with: a client himself, anybody known for staff and machine clients.
    ///
    /// @param named user the caller names, or null
    /// @throws ContractException UserNotFound when a client names another, UserMissing, UnknownUser
    public long partner(Principal caller, @Nullable Long named) {
        if (caller instanceof Principal.User user && !user.staff()) {
            if (named != null && named != user.id()) {
                throw new ContractException(new ContractFailure.UserNotFound(named));
            }
            return user.id();
        }
        if (named == null) {
            throw new ContractException(new ContractFailure.UserMissing());
        }
        if (!users.exists(named)) {
            throw new ContractException(new ContractFailure.UnknownUser(named));
        }
        return named;
    }

    /// Creates a contract in status `DRAFT`.
    public Contract create(Tx tx, Principal caller, long userId, String description) {
        var created = store.insert(tx, userId, description, clock.instant());
        events.publish(tx, created, caller.name(), "created", "");
        return created;
    }

    /// One contract the caller reaches.
    ///
    /// @throws ContractException ContractNotFound
    public Contract get(Principal caller, long contractId) {
        return Reach.contract(caller, contractId, database.read(session -> store.find(session, contractId)));
    }

    /// Contracts the caller reaches, newest first.
    ///
    /// @param before only those with a lower number
    /// @throws ContractException UserNotFound, when a client asks for another user's
    public List<Contract> list(Principal caller, ContractFilter filter, long before, int rowsMax) {
        var named = filter.userId();
        if (named != null && !Reach.covers(caller, named)) {
            throw new ContractException(new ContractFailure.UserNotFound(named));
        }
        var own = caller instanceof Principal.User user && !user.staff()
                ? new ContractFilter(user.id(), filter.status())
                : filter;
        return database.read(session -> store.list(session, own, before, rowsMax));
    }

    /// Changes the description.
    ///
    /// @throws ContractException ContractNotFound, ContractArchived
    public Contract describe(Tx tx, Principal caller, long contractId, String description) {
        var contract = lock(tx, caller, contractId).changeable();
        var changed = store.update(tx, contractId, description, contract.status());
        events.publish(tx, changed, caller.name(), "described", "");
        return changed;
    }

    /// Moves a contract to another status.
    ///
    /// @throws ContractException ContractNotFound, IllegalContractStatus
    public Contract setStatus(Tx tx, Principal caller, long contractId, ContractStatus status) {
        var contract = lock(tx, caller, contractId);
        if (!contract.status().mayBecome(status)) {
            throw new ContractException(
                    new ContractFailure.IllegalContractStatus(contractId, contract.status(), status));
        }
        var changed = store.update(tx, contractId, contract.description(), status);
        events.publish(
                tx,
                changed,
                caller.name(),
                "status_changed",
                code(contract.status()) + " to " + code(changed.status()));
        return changed;
    }

    private static String code(ContractStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    /// The contract, locked, in the version the caller expects.
    Contract lock(Tx tx, Principal caller, long contractId) {
        var contract = Reach.contract(caller, contractId, store.lock(tx, contractId));
        EntityTags.require(contract.etag());
        return contract;
    }
}
