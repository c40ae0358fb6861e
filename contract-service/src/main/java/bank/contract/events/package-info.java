/// What contract-service tells other systems by events.
@NullMarked
package bank.contract.events;

import org.jspecify.annotations.NullMarked;
