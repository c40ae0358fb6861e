/// How failures are told: as `application/problem+json` (RFC 9457) over HTTP, as a status over gRPC, and how the
/// statuses of the services are read.
@NullMarked
package bank.edge.problem;

import org.jspecify.annotations.NullMarked;
