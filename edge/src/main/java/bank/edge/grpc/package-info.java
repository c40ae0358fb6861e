/// Native gRPC and gRPC-Web through the edge, with health and reflection.
@NullMarked
package bank.edge.grpc;

import org.jspecify.annotations.NullMarked;
