/// The manners of the edge as an HTTP server, whatever is served: other origins, methods, media types, content codings,
/// limits, proxies, TLS.
@NullMarked
package bank.edge.http;

import org.jspecify.annotations.NullMarked;
