/// Events: what happened in one service, told to the others by Kafka, as CloudEvents 1.0 in JSON.
///
/// `Outbox` takes an `Event` into the transaction of its cause; `OutboxRelay` publishes it, at least once, those with
/// the same topic and key in the order of their transactions. A `Subscription` names a consumer and its handlers;
/// `EventConsumer` gets what they take, `Inbox` sees to it that each has its effect once, and that while one of a key
/// fails the later ones of the key wait behind it (`HeldEvents`, `DeadLetters`). `Events` is all of it for a service.
@NullMarked
package bank.platform.events;

import org.jspecify.annotations.NullMarked;
