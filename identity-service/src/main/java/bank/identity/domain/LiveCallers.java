package bank.identity.domain;

import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.Role;
import bank.identity.store.ClientStore;
import bank.identity.store.LiveSessionStore;
import bank.identity.store.LiveSessionStore.Live;
import bank.platform.auth.Principal;
import bank.platform.db.Session;
import java.time.Clock;

/// Whether callers still are what their access tokens say. A token holds until its end, whatever has become of its
/// bearer meanwhile; what he changes here could give him back what was taken from him.
public final class LiveCallers {
    private final LiveSessionStore sessions;
    private final ClientStore clients;
    private final Sessions.Life life;
    private final Clock clock;

    /// @param sessions tells which sessions live
    /// @param clients tells which clients there are
    /// @param life how long sessions live
    public LiveCallers(LiveSessionStore sessions, ClientStore clients, Sessions.Life life, Clock clock) {
        this.sessions = sessions;
        this.clients = clients;
        this.life = life;
        this.clock = clock;
    }

    /// Refuses a user whose session has ended or whose role is less than his token says, and a machine client that was
    /// deleted or has lost a scope of its token.
    ///
    /// @throws IdentityException CallerOutdated
    public void require(Session session, Principal caller) {
        var lives = switch (caller) {
            case Principal.User user -> lives(session, user);
            case Principal.Machine machine ->
                clients.find(session, machine.id())
                        .filter(stored -> stored.client().scopes().containsAll(machine.scopes()))
                        .isPresent();
            case Principal.Anonymous() -> true;
        };
        if (!lives) {
            throw new IdentityException(new IdentityFailure.CallerOutdated());
        }
    }

    private boolean lives(Session session, Principal.User user) {
        var now = clock.instant();
        return Sessions.session(user.session())
                .flatMap(id -> sessions.find(session, id, now.minus(life.unused()), now.minus(life.total())))
                .filter(live -> live.userId() == user.id() && has(live, acting(user)))
                .isPresent();
    }

    /// The user has the role, and so he has at the issuer whose session this one stands for.
    private static boolean has(Live live, Role role) {
        var given = live.foreignRole();
        return role.compareTo(live.role()) <= 0 && (given == null || role.compareTo(given) <= 0);
    }

    private static Role acting(Principal.User user) {
        return user.admin() ? Role.ADMIN : user.staff() ? Role.EMPLOYEE : Role.CLIENT;
    }
}
