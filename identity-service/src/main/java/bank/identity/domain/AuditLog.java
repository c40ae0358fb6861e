package bank.identity.domain;

import bank.identity.events.IdentityEvents;
import bank.identity.keys.Vault;
import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.store.AuditStore;
import bank.identity.store.AuditStore.Stored;
import bank.platform.db.Tx;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// What happened to accounts, sessions, clients and keys, in the order in which it did. Rows are never changed or
/// removed; each carries a code over itself and the code of the row before, so that whoever has the database alone
/// can do neither without being noticed.
public final class AuditLog {
    private static final String PURPOSE = "audit";

    private final AuditStore store;
    private final Vault vault;
    private final @Nullable IdentityEvents events;
    private final Clock clock;

    /// @param vault makes the codes
    /// @param events tells of what happens those who watch the bank; null: nobody is told
    public AuditLog(AuditStore store, Vault vault, @Nullable IdentityEvents events, Clock clock) {
        this.store = store;
        this.vault = vault;
        this.events = events;
        this.clock = clock;
    }

    /// Adds an event at the end of the transaction of what it tells of: everybody else who adds one waits from then on
    /// until it has committed.
    ///
    /// @param subject whom or what it was done to, e.g. `user:17`
    /// @param detail what else is worth knowing; never a secret, a token or a password
    public void append(Tx tx, AuditType type, Caller caller, String subject, String detail) {
        if (events != null) {
            events.happened(tx, type, caller, subject, detail);
        }
        tx.beforeCommit(() -> add(tx, type, caller, subject, detail));
    }

    private void add(Tx tx, AuditType type, Caller caller, String subject, String detail) {
        var head = store.lockHead(tx);
        var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var event = new AuditEvent(head.number() + 1, at, type.name(), caller, subject, detail);
        store.insert(tx, new Stored(event, code(event, head.code())));
    }

    /// The code of a row.
    ///
    /// @param before code of the row before
    byte[] code(AuditEvent event, byte[] before) {
        var caller = event.caller();
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(before);
        bytes.writeBytes(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(event.number())
                .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, event.at()))
                .array());
        for (var text : new String[] {
            event.type(),
            caller.name(),
            event.subject(),
            caller.origin().address(),
            caller.origin().agent(),
            caller.requestId(),
            event.detail()
        }) {
            var encoded = text.getBytes(StandardCharsets.UTF_8);
            bytes.writeBytes(
                    ByteBuffer.allocate(Integer.BYTES).putInt(encoded.length).array());
            bytes.writeBytes(encoded);
        }
        return vault.code(bytes.toByteArray(), PURPOSE);
    }
}
