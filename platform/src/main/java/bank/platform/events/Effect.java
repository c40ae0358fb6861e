package bank.platform.events;

import bank.platform.db.Tx;

/// What an event changes in the database of a service. Applied in the transaction that marks the event as worked, and
/// so once, however often the event arrives. May run again after a transaction that was rolled back.
@FunctionalInterface
public interface Effect {
    /// Changes nothing: the event is merely marked as worked.
    Effect NONE = tx -> {};

    /// Makes the change.
    void apply(Tx tx);
}
