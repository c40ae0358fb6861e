package bank.edge.transcode;

import bank.edge.upstream.UpstreamCall;
import java.io.IOException;

/// The messages that a request has for the service.
interface Requests {
    /// Sends them as they come, until the service takes no more.
    ///
    /// @throws bank.platform.failure.FailureException when the request is wrong
    /// @throws IOException when the client goes away or breaks its body off
    void send(UpstreamCall call) throws IOException;

    /// A single message that is there already.
    static Requests one(byte[]... parts) {
        return call -> call.send(parts);
    }
}
