/// What this service does with the events of others: as `rpc` with calls.
@NullMarked
package bank.registry.consumer;

import org.jspecify.annotations.NullMarked;
