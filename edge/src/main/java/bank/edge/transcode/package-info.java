/// HTTP requests to gRPC calls and back. Each request is answered by blocking code on a virtual thread of its own:
/// `Exchange` is the request at hand, the `…Transcoder`s are the shapes an rpc can have.
@NullMarked
package bank.edge.transcode;

import org.jspecify.annotations.NullMarked;
