package bank.identity.domain;

import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure.Administration;
import bank.identity.model.ProfileChange;
import bank.identity.model.ProfileChange.Field;
import bank.identity.model.Role;
import bank.identity.model.User;
import bank.identity.model.Verification;
import bank.identity.model.VerificationStatus;
import bank.identity.store.UserStore;
import bank.identity.store.VerificationStore;
import bank.platform.auth.Principal;
import bank.platform.db.Tx;
import bank.platform.grpc.EntityTags;
import java.time.Clock;
import java.util.Collections;
import java.util.stream.Collectors;

/// Changes of what is known of a person.
public final class UserProfiles {
    private final UserStore users;
    private final VerificationStore verifications;
    private final UserReach reach;
    private final AuditLog audit;
    private final Clock clock;

    /// @param reach whom a caller sees
    public UserProfiles(
            UserStore users, VerificationStore verifications, UserReach reach, AuditLog audit, Clock clock) {
        this.users = users;
        this.verifications = verifications;
        this.reach = reach;
        this.audit = audit;
        this.clock = clock;
    }

    /// Changes a user's profile.
    ///
    /// @throws IdentityException Missing, UserForbidden, FieldForbidden, IdentityVerified, FieldInvalid
    public User update(Tx tx, Principal.User caller, long id, ProfileChange change, Caller actor) {
        reach.seen(tx, caller, id);
        var user = users.lock(tx, id).orElseThrow(() -> UserReach.missing(id));
        EntityTags.require(user.etag());
        allow(tx, caller, user, change);
        Birthdays.check(change.values().birthday(), clock);
        var changed = users.setProfile(tx, id, change.applied(user.profile()));
        // What is known of people is no business of those who read the audit log.
        var fields = change.fields().stream().sorted().map(Field::path).collect(Collectors.joining(", "));
        audit.append(tx, AuditType.USER_UPDATED, actor, AuditEvent.user(id), fields);
        return UserReach.shown(caller, changed);
    }

    private void allow(Tx tx, Principal.User caller, User user, ProfileChange change) {
        if (caller.admin()) {
            return;
        }
        if (user.id() == caller.id()) {
            allowOneself(tx, user, change);
        } else if (!caller.staff() || user.role() != Role.CLIENT) {
            throw new IdentityException(new Administration.UserForbidden(
                    "only administrators of the bank change everybody, employees its clients, others themselves"));
        }
    }

    private void allowOneself(Tx tx, User user, ProfileChange change) {
        if (change.fields().contains(Field.FINANCIAL_POSITION)) {
            throw new IdentityException(new Administration.FieldForbidden(Field.FINANCIAL_POSITION.path()));
        }
        if (!Collections.disjoint(change.fields(), Field.IDENTITY) && settled(tx, user)) {
            throw new IdentityException(new Administration.IdentityVerified(user.id()));
        }
    }

    /// What a registry compares stays as it is from the request on, or it would confirm somebody else.
    private boolean settled(Tx tx, User user) {
        return user.verification() == VerificationStatus.VERIFIED
                || user.verification() == VerificationStatus.PENDING
                || verifications.find(tx, user.id()).filter(Verification::open).isPresent();
    }
}
