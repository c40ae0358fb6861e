package bank.identity.domain;

import bank.identity.model.ClientRegistration;
import bank.identity.model.EmailAddress;
import bank.identity.model.InitialAdmin;
import bank.identity.model.NewUser;
import bank.identity.model.Password;
import bank.identity.model.PersonalName;
import bank.identity.model.Role;
import bank.identity.model.User;
import bank.identity.password.PasswordHasher;
import bank.identity.store.ClientStore;
import bank.identity.store.PasswordStore;
import bank.identity.store.SessionStore;
import bank.identity.store.StartLock;
import bank.identity.store.UserStore;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.Collection;
import java.util.function.Consumer;

/// What must be there before anybody can sign in: the configured machine clients and an administrator.
/// Each is made once, however many instances start at the same time.
public final class FirstStart {
    private static final int ADMIN_PASSWORD_BYTES = 18;

    private final Database database;
    private final UserStore users;
    private final PasswordStore passwords;
    private final SessionStore sessions;
    private final ClientStore clients;
    private final PasswordHasher hasher;
    private final Clock clock;

    /// @param hasher hashes passwords and client secrets
    public FirstStart(
            Database database,
            UserStore users,
            PasswordStore passwords,
            SessionStore sessions,
            ClientStore clients,
            PasswordHasher hasher,
            Clock clock) {
        this.database = database;
        this.users = users;
        this.passwords = passwords;
        this.sessions = sessions;
        this.clients = clients;
        this.hasher = hasher;
        this.clock = clock;
    }

    /// Stores the configured clients; those stored before are brought up to date, and those that are configured no
    /// more are left to their registry.
    public void putClients(Collection<ClientRegistration> configured) {
        for (var client : configured) {
            database.inTransaction(tx -> {
                StartLock.hold(tx);
                var stored = clients.find(tx, client.id());
                var known = stored.map(ClientStore.Stored::secret)
                        .filter(hash -> !hasher.outdated(hash) && hasher.matches(client.secret(), hash));
                clients.put(tx, client, known.orElseGet(() -> hasher.hash(client.secret())));
                return client;
            });
        }
        database.inTransaction(tx -> {
            clients.release(tx, configured.stream().map(ClientRegistration::id).toList());
            return true;
        });
    }

    /// Makes what a demonstration needs: its users and its clients. What is there stays as it is.
    public void putDemo() {
        database.inTransaction(tx -> {
            StartLock.hold(tx);
            for (var user : Demo.USERS) {
                if (users.find(tx, user.email()).isEmpty()) {
                    insert(tx, user, Demo.PASSWORD);
                }
            }
            if (clients.find(tx, Demo.CLIENT.id()).isEmpty()) {
                clients.put(tx, Demo.CLIENT, hasher.hash(Demo.CLIENT.secret()));
            }
            Demo.APPLICATIONS.forEach(application -> clients.addPublic(tx, application));
            return true;
        });
    }

    /// Makes an administrator with a random password when there is none.
    ///
    /// @param email his e-mail
    /// @param reset give the user of that e-mail a new password even though he exists, end his sessions
    ///     and make him administrator: the way back in when the password is lost
    /// @param tell tells him to whoever starts the service, before he stands: a password that was never told
    ///     would be lost. When it throws, nothing is changed
    public void putAdmin(EmailAddress email, boolean reset, Consumer<InitialAdmin> tell) {
        database.inTransaction(tx -> {
            StartLock.hold(tx);
            if (!reset && users.anyAdmin(tx)) {
                return false;
            }
            var password = randomPassword();
            var existing = users.find(tx, email);
            if (existing.isPresent()) {
                var id = existing.get().id();
                users.makeAdmin(tx, id);
                passwords.set(tx, id, hasher.hash(password), clock.instant());
                sessions.endAll(tx, id, clock.instant());
            } else {
                insert(tx, new NewUser(email, PersonalName.NONE, null, "", Role.ADMIN), password);
            }
            tell.accept(new InitialAdmin(email, password));
            return true;
        });
    }

    private User insert(Tx tx, NewUser user, Password password) {
        var now = clock.instant();
        var stored = users.insert(tx, user, now);
        passwords.set(tx, stored.id(), hasher.hash(password), now);
        return stored;
    }

    private static Password randomPassword() {
        var bytes = new byte[ADMIN_PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        return new Password(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }
}
