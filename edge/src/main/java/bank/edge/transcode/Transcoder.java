package bank.edge.transcode;

import java.io.IOException;

/// Answers exchanges of one shape of rpc.
interface Transcoder {
    /// Answers the exchange, or throws what is wrong with it.
    ///
    /// @throws bank.platform.failure.FailureException what the client is told
    /// @throws IOException when the client went away or broke its body off
    void answer(Exchange exchange, Exchange.Target target) throws IOException;
}
