package bank.platform.events;

import bank.platform.db.Tx;
import com.google.protobuf.Message;

/// Works the events of one type. Called from several threads at once, for different keys; for one key, one event after
/// another in their order. May be called more than once for an event, with its effect applied once.
@FunctionalInterface
public interface EventHandler<M extends Message> {
    /// Finds out what the event changes. Runs outside a transaction, for 30 seconds at most, and so may ask other
    /// systems; whatever it throws makes the event be tried again later, save those named here.
    ///
    /// @return the change
    /// @throws UnprocessableEventException when trying again would not help: the event goes to the dead letters
    /// @throws bank.platform.db.DatabaseUnavailableException which does not count as a failure of the event
    Effect handle(M event, EventContext context);

    /// Tells that an event failed, in the transaction that holds its key for that: called for each failed attempt.
    /// Whatever it throws rolls that back.
    ///
    /// @param parked it is a dead letter now, and not tried again by itself
    default void held(Tx tx, M event, EventContext context, boolean parked) {}
}
