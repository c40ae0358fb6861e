package bank.identity.domain;

import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.User;
import bank.identity.model.UserReference;
import bank.identity.store.UserStore;
import bank.platform.db.Database;
import java.util.Collection;
import java.util.List;

/// What is known of users.
public final class Users {
    private final Database database;
    private final UserStore users;

    /// @param users where users are kept
    public Users(Database database, UserStore users) {
        this.database = database;
        this.users = users;
    }

    /// The user who calls.
    ///
    /// @throws IdentityException UserUnknown
    public User me(long id) {
        return database.read(session -> users.find(session, id))
                .orElseThrow(() -> new IdentityException(new IdentityFailure.UserUnknown()));
    }

    /// Those of the numbers that are users, by ascending number.
    public List<UserReference> lookup(Collection<Long> ids) {
        return database.read(session -> users.references(session, ids));
    }
}
