/// Registries over HTTP and other services, as this one needs them.
@NullMarked
package bank.registry.client;

import org.jspecify.annotations.NullMarked;
