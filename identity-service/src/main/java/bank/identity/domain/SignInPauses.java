package bank.identity.domain;

import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.ClientNetwork;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.store.UserStore;
import bank.platform.db.Tx;

/// Ends pauses of sign-ins and registrations before their time.
public final class SignInPauses {
    private final SignInThrottle throttle;
    private final RegistrationThrottle registrations;
    private final UserStore users;
    private final AuditLog audit;

    /// @param throttle makes the pauses of sign-ins
    /// @param registrations makes those of registrations
    public SignInPauses(SignInThrottle throttle, RegistrationThrottle registrations, UserStore users, AuditLog audit) {
        this.throttle = throttle;
        this.registrations = registrations;
        this.users = users;
        this.audit = audit;
    }

    /// Forgets the failed sign-ins of a user, wherever they came from, and what he registered.
    ///
    /// @throws IdentityException AccountUnknown
    public void lift(Tx tx, long userId, Caller caller) {
        var user =
                users.find(tx, userId).orElseThrow(() -> new IdentityException(new IdentityFailure.AccountUnknown()));
        throttle.lift(tx, user.email());
        registrations.lift(tx, userId);
        audit.append(tx, AuditType.SIGN_IN_PAUSE_LIFTED, caller, AuditEvent.user(userId), "");
    }

    /// Forgets the failed sign-ins, and the registrations, from an address.
    ///
    /// @throws IdentityException FieldInvalid when it is no address
    public void lift(Tx tx, String address, Caller caller) {
        var network = ClientNetwork.of(address)
                .orElseThrow(() -> new IdentityException(
                        new IdentityFailure.FieldInvalid("address", "must be an IPv4 or IPv6 address")));
        throttle.lift(tx, network);
        registrations.lift(tx, network);
        audit.append(tx, AuditType.SIGN_IN_PAUSE_LIFTED, caller, AuditEvent.address(network.name()), "");
    }
}
