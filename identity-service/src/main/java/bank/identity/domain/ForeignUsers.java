package bank.identity.domain;

import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.EmailAddress;
import bank.identity.model.ExternalIdentity;
import bank.identity.model.ForeignUser;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.NewUser;
import bank.identity.model.Role;
import bank.identity.model.User;
import bank.identity.model.UserReference;
import bank.identity.store.ExternalIdentityStore;
import bank.identity.store.SessionStore;
import bank.identity.store.UserStore;
import bank.platform.db.Tx;
import java.time.Clock;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which user here an account at another issuer is. Its e-mail never tells: whoever chooses it there would choose
/// whose account he gets here.
public final class ForeignUsers {
    private static final Logger log = LoggerFactory.getLogger(ForeignUsers.class);

    private final UserStore users;
    private final ExternalIdentityStore identities;
    private final SessionStore sessions;
    private final LastAdmin lastAdmin;
    private final AuditLog audit;
    private final Clock clock;

    /// @param sessions ended when a role changes
    public ForeignUsers(
            UserStore users,
            ExternalIdentityStore identities,
            SessionStore sessions,
            LastAdmin lastAdmin,
            AuditLog audit,
            Clock clock) {
        this.users = users;
        this.identities = identities;
        this.sessions = sessions;
        this.lastAdmin = lastAdmin;
        this.audit = audit;
        this.clock = clock;
    }

    /// The user, made at first sight where the issuer's settings say so. The role of one that was made so follows the
    /// issuer, save where he is the last administrator; that of any other is his own, or less where the
    /// issuer gives him less.
    ///
    /// @throws IdentityException SubjectTokenRefused when nobody is linked to the account
    UserReference of(Tx tx, ForeignUser foreign, Caller caller) {
        var known = identities.find(tx, foreign.issuer(), foreign.subject());
        if (known.isEmpty()) {
            identities.lock(tx, foreign.issuer(), foreign.subject());
            known = identities.find(tx, foreign.issuer(), foreign.subject());
        }
        if (known.isEmpty()) {
            return made(tx, foreign, caller);
        }
        var user = users.find(tx, known.get().userId()).orElseThrow();
        return new UserReference(user.id(), role(tx, known.get(), user, foreign.role(), caller), user.status());
    }

    private Role role(Tx tx, ExternalIdentity identity, User user, Role given, Caller caller) {
        if (!identity.provisioned()) {
            return given.compareTo(user.role()) < 0 ? given : user.role();
        }
        if (user.role() != given) {
            follow(tx, identity, lastAdmin.lock(tx, user.id()), given, caller);
        }
        return given;
    }

    /// Makes the role given the user's own. The sessions he opened here have had the other one, and end; what stands
    /// for sessions at the issuer follows it. The last administrator stays one, though he acts in the role given.
    private void follow(Tx tx, ExternalIdentity identity, User user, Role given, Caller caller) {
        if (user.role() == given) {
            return;
        }
        if (lastAdmin.is(tx, user)) {
            log.warn(
                    "user {} stays administrator, for nobody else is one: issuer {} gives him {}",
                    user.id(),
                    identity.issuer(),
                    given.claim());
            return;
        }
        users.setRole(tx, user.id(), given);
        sessions.endOwn(tx, user.id(), clock.instant());
        audit.append(
                tx,
                AuditType.ROLE_FOLLOWED,
                caller,
                AuditEvent.user(user.id()),
                user.role() + " to " + given + ", issuer " + identity.issuer());
    }

    private UserReference made(Tx tx, ForeignUser foreign, Caller caller) {
        if (!foreign.provision()) {
            throw new IdentityException(
                    new IdentityFailure.SubjectTokenRefused("nobody here is linked to this account"));
        }
        var now = clock.instant();
        var address = new EmailAddress(UUID.randomUUID() + "@external.invalid");
        var user = users.insert(tx, new NewUser(address, foreign.name(), null, "", foreign.role()), now);
        identities.insert(tx, user.id(), foreign.issuer(), foreign.subject(), true, foreign.email(), now);
        audit.append(
                tx,
                AuditType.IDENTITY_LINKED,
                caller,
                AuditEvent.user(user.id()),
                "made for " + AuditEvent.foreign(foreign.issuer(), foreign.subject()));
        return new UserReference(user.id(), foreign.role(), user.status());
    }
}
