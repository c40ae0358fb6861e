package bank.edge.transcode;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.ResponseHeaders;
import java.util.concurrent.CompletionException;

/// The body of an answer on its way to the client, a piece at a time.
final class ClientStream {
    private final HttpResponseWriter out = HttpResponse.streaming();

    /// Answers with the headers; the body follows.
    ClientStream(Exchange exchange, ResponseHeaders headers) {
        out.write(headers);
        exchange.respond(out);
    }

    /// Sends a piece and waits until it is on its way.
    ///
    /// @return false when the client is gone
    boolean send(byte[] piece) {
        if (piece.length == 0) {
            return true;
        }
        if (!out.tryWrite(HttpData.wrap(piece))) {
            return false;
        }
        try {
            out.whenConsumed().join();
            return true;
        } catch (CompletionException _) {
            return false;
        }
    }

    /// Ends the answer well.
    void end() {
        out.close();
    }

    /// Breaks the answer off, so that no client takes a part for the whole.
    void breakOff(Throwable cause) {
        out.close(cause);
    }
}
