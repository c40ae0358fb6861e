/// The service as gRPC shows it.
@NullMarked
package bank.registry.rpc;

import org.jspecify.annotations.NullMarked;
