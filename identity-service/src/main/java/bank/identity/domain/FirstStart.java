package bank.identity.domain;

import bank.identity.events.IdentityEvents;
import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.ClientOrigin;
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
    private final SignInThrottle throttle;
    private final PasswordHasher hasher;
    private final IdentityEvents events;
    private final AuditLog audit;
    private final Clock clock;

    /// @param throttle forgets where the administrator signed in from
    /// @param hasher hashes passwords and client secrets
    public FirstStart(
            Database database,
            UserStore users,
            PasswordStore passwords,
            SessionStore sessions,
            ClientStore clients,
            SignInThrottle throttle,
            PasswordHasher hasher,
            IdentityEvents events,
            AuditLog audit,
            Clock clock) {
        this.database = database;
        this.users = users;
        this.passwords = passwords;
        this.sessions = sessions;
        this.clients = clients;
        this.throttle = throttle;
        this.hasher = hasher;
        this.events = events;
        this.audit = audit;
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
                var hash = known.orElseGet(() -> hasher.hash(client.secret()));
                if (clients.put(tx, client, hash, ClientOrigin.SETTINGS)) {
                    told(tx, client, known.isPresent() ? "scopes " : "secret, scopes ");
                }
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
                clients.put(tx, Demo.CLIENT, hasher.hash(Demo.CLIENT.secret()), ClientOrigin.REGISTRY);
                told(tx, Demo.CLIENT, "secret, scopes ");
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
            long id;
            if (existing.isPresent()) {
                id = existing.get().id();
                users.makeAdmin(tx, id).ifPresent(user -> events.statusChanged(tx, user));
                passwords.set(tx, id, hasher.hash(password), clock.instant());
                sessions.endAll(tx, id, clock.instant());
                throttle.forgetAddresses(tx, email);
            } else {
                id = insert(tx, new NewUser(email, PersonalName.NONE, null, "", Role.ADMIN), password)
                        .id();
            }
            var detail = existing.isPresent() ? "made administrator, sessions ended" : "made";
            audit.append(tx, AuditType.ADMIN_PASSWORD_SET, Caller.system(), AuditEvent.user(id), detail);
            tell.accept(new InitialAdmin(email, password));
            return true;
        });
    }

    private void told(Tx tx, ClientRegistration client, String changed) {
        var scopes = String.join(" ", client.scopes().stream().sorted().toList());
        audit.append(
                tx, AuditType.CLIENT_CONFIGURED, Caller.system(), AuditEvent.client(client.id()), changed + scopes);
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
