package bank.identity.domain;

import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.platform.db.Database;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Events that a client can bring about at no cost, while the audit log grows in single file: it has so many of each
/// kind, of a client, a subject and a minute, so that nobody hides what befalls others behind his own.
public final class CappedEvents {
    private static final Logger log = LoggerFactory.getLogger(CappedEvents.class);
    private static final int AUDITED_MAX = 60;

    private final Database database;
    private final AuditLog audit;
    private final RefusalRate rate;

    /// @param audit has them
    public CappedEvents(Database database, AuditLog audit, Clock clock) {
        this.database = database;
        this.audit = audit;
        this.rate = new RefusalRate(clock);
    }

    /// Tells of one in a transaction of its own.
    ///
    /// @param clientId a client there is
    void tell(AuditType type, String clientId, Caller caller, String subject, String detail) {
        var count = rate.count(type + " " + clientId + " " + subject);
        if (count > AUDITED_MAX) {
            if (count == AUDITED_MAX + 1) {
                // Of a busy client tokens are nothing to worry about.
                log.atLevel(type == AuditType.CLIENT_SIGNED_IN ? Level.INFO : Level.WARN)
                        .log(
                                "further events {} of client {} about {} within this minute are not in the audit log",
                                type,
                                clientId,
                                subject);
            }
            return;
        }
        var of = AuditEvent.client(clientId);
        var told = subject.equals(of) ? detail : detail.isEmpty() ? of : of + ": " + detail;
        // Who goes away before he is answered is told of all the same.
        database.inDetachedTransaction(tx -> {
            audit.append(tx, type, caller, subject, told);
            return told;
        });
    }
}
