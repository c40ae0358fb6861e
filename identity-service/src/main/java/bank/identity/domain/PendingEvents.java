package bank.identity.domain;

import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.platform.db.Tx;
import java.util.ArrayList;
import java.util.List;

/// What a transaction has to tell the audit log once all else in it is done: whoever waits for other locks
/// while he holds up the log holds up everybody.
final class PendingEvents {
    private record Pending(AuditType type, String subject, String detail) {}

    private final List<Pending> events = new ArrayList<>();

    void add(AuditType type, String subject, String detail) {
        events.add(new Pending(type, subject, detail));
    }

    void append(Tx tx, AuditLog audit, Caller caller) {
        events.forEach(event -> audit.append(tx, event.type(), caller, event.subject(), event.detail()));
    }
}
