/// The service as gRPC shows it.
@NullMarked
package bank.contract.rpc;

import org.jspecify.annotations.NullMarked;
