/// What other services say by events.
@NullMarked
package bank.identity.consumer;

import org.jspecify.annotations.NullMarked;
