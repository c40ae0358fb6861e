/// What this service publishes.
@NullMarked
package bank.registry.events;

import org.jspecify.annotations.NullMarked;
