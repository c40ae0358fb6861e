/// What happened here, told to the other services by events.
@NullMarked
package bank.identity.events;

import org.jspecify.annotations.NullMarked;
