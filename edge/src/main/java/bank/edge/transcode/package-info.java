/// HTTP requests to gRPC calls and back. Each request is answered by blocking code on a virtual thread of its own:
/// `Exchange` is the request at hand, the `…Transcoder`s are the shapes an rpc can have. `StreamTranscoder` puts
/// together what comes in (`Requests`) and what goes out (`Answers`), and a `Conversation` lets both flow at once.
@NullMarked
package bank.edge.transcode;

import org.jspecify.annotations.NullMarked;
