/// The gRPC server and its interceptors, the running call, channels to other services.
@NullMarked
package bank.platform.grpc;

import org.jspecify.annotations.NullMarked;
