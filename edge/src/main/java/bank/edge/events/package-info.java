/// Requests as events: `AccessEvents` takes them from the server, `AccessPublisher` gives them to Kafka.
@NullMarked
package bank.edge.events;

import org.jspecify.annotations.NullMarked;
