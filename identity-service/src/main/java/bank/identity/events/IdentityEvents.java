package bank.identity.events;

import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.User;
import bank.identity.model.Verification;
import bank.platform.db.Tx;
import bank.platform.events.Event;
import bank.platform.events.Outbox;
import bank.v1.ActivityLogged;
import bank.v1.IdentifierType;
import bank.v1.UserStatus;
import bank.v1.UserStatusChanged;
import bank.v1.VerificationReplayRequested;
import bank.v1.VerificationRequested;
import java.util.Map;
import java.util.regex.Pattern;

/// Tells other services what happened here, with the transaction in which it did.
public final class IdentityEvents {
    private static final String NOBODY_KNOWN = "unknown";
    private static final Pattern KNOWN = Pattern.compile("(user|client):.+");

    /// What is told to those who watch the bank; the rest is for the audit log alone.
    private static final Map<AuditType, String> ACTIONS = Map.ofEntries(
            Map.entry(AuditType.REGISTERED, "user.registered"),
            Map.entry(AuditType.USER_CREATED, "user.created"),
            Map.entry(AuditType.USER_ROLE_CHANGED, "user.role_changed"),
            Map.entry(AuditType.ROLE_FOLLOWED, "user.role_changed"),
            Map.entry(AuditType.USER_STATUS_CHANGED, "user.status_changed"),
            Map.entry(AuditType.PASSWORD_CHANGED, "user.password_changed"),
            Map.entry(AuditType.PASSWORD_RESET, "user.password_reset"),
            Map.entry(AuditType.SIGNED_IN, "session.signed_in"),
            Map.entry(AuditType.SIGN_IN_REFUSED, "session.refused"),
            Map.entry(AuditType.CODE_REFUSED, "session.refused"),
            Map.entry(AuditType.REFRESH_REFUSED, "session.refused"),
            Map.entry(AuditType.CLIENT_SIGNED_IN, "client.signed_in"),
            Map.entry(AuditType.SESSION_ENDED, "session.ended"),
            Map.entry(AuditType.SESSIONS_ENDED, "session.all_ended"),
            Map.entry(AuditType.REFRESH_TOKEN_REUSED, "session.ended_by_reuse"),
            Map.entry(AuditType.CODE_REUSED, "session.ended_by_reuse"),
            Map.entry(AuditType.SIGN_IN_HELD, "user.sign_in_held"),
            Map.entry(AuditType.SIGN_IN_HOLD_LIFTED, "user.sign_in_hold_lifted"),
            Map.entry(AuditType.VERIFICATION_REQUESTED, "verification.requested"),
            Map.entry(AuditType.VERIFICATION_DELAYED, "verification.delayed"),
            Map.entry(AuditType.VERIFICATION_COMPLETED, "verification.completed"),
            Map.entry(AuditType.VERIFICATION_REPLAYED, "verification.replayed"));

    private final Outbox outbox;

    /// @param outbox takes events into transactions
    public IdentityEvents(Outbox outbox) {
        this.outbox = outbox;
    }

    /// A registry is to be asked about a user.
    public void verificationRequested(Tx tx, Verification verification) {
        var event = VerificationRequested.newBuilder()
                .setUserId(verification.userId())
                .setRequestId(verification.requestId().toString())
                .setIdentifierType(
                        switch (verification.identifier().type()) {
                            case NIN -> IdentifierType.IDENTIFIER_TYPE_NIN;
                            case NHS -> IdentifierType.IDENTIFIER_TYPE_NHS;
                        })
                .build();
        outbox.append(tx, Event.of(event, verification.requests()));
    }

    /// A request among the dead letters is to be tried again.
    public void replayRequested(Tx tx, Verification verification) {
        var event = VerificationReplayRequested.newBuilder()
                .setUserId(verification.userId())
                .setRequestId(verification.requestId().toString())
                .build();
        outbox.append(tx, Event.of(event, verification.requests()));
    }

    /// A user may sign in, or may not any more.
    public void statusChanged(Tx tx, User user) {
        var event = UserStatusChanged.newBuilder()
                .setUserId(user.id())
                .setStatus(
                        switch (user.status()) {
                            case ACTIVE -> UserStatus.USER_STATUS_ACTIVE;
                            case BLOCKED -> UserStatus.USER_STATUS_BLOCKED;
                            case DECEASED -> UserStatus.USER_STATUS_DECEASED;
                        })
                .setVersion(user.version())
                .setSignInHeld(!user.signInHold().isEmpty())
                .build();
        outbox.append(tx, Event.of(event, user.version()));
    }

    /// Somebody did something the audit log tells of. Names of people, addresses and reasons stay there.
    public void happened(Tx tx, AuditType type, Caller caller, String subject, String detail) {
        var action = ACTIONS.get(type);
        if (action == null) {
            return;
        }
        var event = ActivityLogged.newBuilder()
                .setActor(caller.name().equals("anonymous") ? "" : caller.name())
                .setAction(action)
                .setSubject(KNOWN.matcher(subject).matches() ? subject : NOBODY_KNOWN)
                .setDetail(told(type, detail))
                .build();
        outbox.append(tx, Event.of(event, 0));
    }

    private static String told(AuditType type, String detail) {
        return switch (type) {
            case USER_ROLE_CHANGED, VERIFICATION_REQUESTED, VERIFICATION_DELAYED, VERIFICATION_COMPLETED -> detail;
            // What follows is a reason, in somebody's own words.
            case USER_STATUS_CHANGED -> detail.split(":", 2)[0];
            default -> "";
        };
    }
}
