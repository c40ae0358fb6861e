/// Calls to the services behind the edge: gRPC framed by hand over HTTP/2, written as blocking code for virtual
/// threads.
@NullMarked
package bank.edge.upstream;

import org.jspecify.annotations.NullMarked;
