package bank.identity.domain;

import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
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
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
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
    private final Clock clock;

    /// @param sessions ended when a role changes
    public ForeignUsers(
            UserStore users,
            ExternalIdentityStore identities,
            SessionStore sessions,
            LastAdmin lastAdmin,
            Clock clock) {
        this.users = users;
        this.identities = identities;
        this.sessions = sessions;
        this.lastAdmin = lastAdmin;
        this.clock = clock;
    }

    /// The account, its user made at first sight where the issuer's settings say so. Nobody else's rows are
    /// locked.
    ///
    /// @throws IdentityException SubjectTokenRefused when nobody is linked to it
    ExternalIdentity account(Tx tx, ForeignUser foreign, Role role, PendingEvents events) {
        return identities.find(tx, foreign.issuer(), foreign.subject()).orElseGet(() -> {
            identities.lock(tx, foreign.issuer(), foreign.subject());
            return identities
                    .find(tx, foreign.issuer(), foreign.subject())
                    .orElseGet(() -> made(tx, foreign, role, events));
        });
    }

    /// The user of an account. The role of one that was made for it follows the issuer, save where he is the
    /// last administrator, or where a token issued later has told of him; that of any other is his own, or less where
    /// the issuer gives him less.
    ///
    /// @param issuedAt when the token was that gives the role; null when it does not tell
    UserReference of(Tx tx, ExternalIdentity account, Role given, @Nullable Instant issuedAt, PendingEvents events) {
        var newest = account.provisioned() && identities.follow(tx, account.id(), issuedAt);
        // After the others that follow the account have ended.
        var user = users.find(tx, account.userId()).orElseThrow();
        var role = newest ? followed(tx, account, user, given, events) : lower(given, user.role());
        return new UserReference(user.id(), role, user.status());
    }

    private static Role lower(Role given, Role own) {
        return given.compareTo(own) < 0 ? given : own;
    }

    private Role followed(Tx tx, ExternalIdentity account, User user, Role given, PendingEvents events) {
        if (user.role() != given) {
            follow(tx, account, lastAdmin.lock(tx, user.id()), given, events);
        }
        return given;
    }

    /// Makes the role given the user's own. The sessions he opened here have had the other one, and end; what stands
    /// for sessions at the issuer follows it. The last administrator stays one, though he acts in the role given.
    private void follow(Tx tx, ExternalIdentity account, User user, Role given, PendingEvents events) {
        if (user.role() == given) {
            return;
        }
        var change = user.role() + " to " + given + ", issuer " + account.issuer();
        if (lastAdmin.is(tx, user)) {
            log.warn(
                    "user {} stays administrator, for nobody else is one: issuer {} gives him {}",
                    user.id(),
                    account.issuer(),
                    given.claim());
            events.add(AuditType.ROLE_KEPT, AuditEvent.user(user.id()), change);
            return;
        }
        users.setRole(tx, user.id(), given);
        sessions.endOwn(tx, user.id(), clock.instant());
        events.add(AuditType.ROLE_FOLLOWED, AuditEvent.user(user.id()), change);
    }

    private ExternalIdentity made(Tx tx, ForeignUser foreign, Role role, PendingEvents events) {
        if (!foreign.provision()) {
            throw new IdentityException(
                    new IdentityFailure.SubjectTokenRefused("nobody here is linked to this account"));
        }
        var now = clock.instant();
        var address = new EmailAddress(UUID.randomUUID() + "@external.invalid");
        var user = users.insert(tx, new NewUser(address, foreign.name(), null, "", role), now);
        events.add(
                AuditType.IDENTITY_LINKED,
                AuditEvent.user(user.id()),
                "made for " + AuditEvent.foreign(foreign.issuer(), foreign.subject()));
        return identities.insert(tx, user.id(), foreign.issuer(), foreign.subject(), true, foreign.email(), now);
    }
}
