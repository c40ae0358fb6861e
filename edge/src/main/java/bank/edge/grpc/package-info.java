/// Native gRPC and gRPC-Web through the edge, with health.
@NullMarked
package bank.edge.grpc;

import org.jspecify.annotations.NullMarked;
