package bank.edge.transcode;

import bank.edge.upstream.UpstreamCall;
import bank.platform.failure.FailureException;
import com.linecorp.armeria.common.ResponseHeaders;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A call whose messages go both ways at once: those of a streamed request are sent by a thread of their own, so that
/// an answer may come, and end, at any time. When the request turns out wrong, the call is cancelled, and receiving
/// tells what is wrong with it.
final class Conversation implements AutoCloseable {
    private final Exchange exchange;
    private final UpstreamCall call;
    private final Requests requests;
    private @Nullable Thread sender;
    private volatile @Nullable Throwable fault;
    private boolean begun;

    private Conversation(Exchange exchange, UpstreamCall call, Requests requests) {
        this.exchange = exchange;
        this.call = call;
        this.requests = requests;
    }

    /// Begins to send.
    ///
    /// @param streamed the request is a stream; otherwise it is sent when this returns
    static Conversation begin(Exchange exchange, UpstreamCall call, Requests requests, boolean streamed) {
        var conversation = new Conversation(exchange, call, requests);
        if (streamed) {
            conversation.sender = Thread.ofVirtual().name("sender").start(conversation::send);
        } else {
            conversation.send();
        }
        return conversation;
    }

    private void send() {
        try {
            requests.send(call);
            call.halfClose();
        } catch (Throwable e) {
            fault = e;
            call.cancel();
        }
    }

    /// Waits for the next message; null when the call ended well.
    ///
    /// @throws FailureException when it did not, or the request is wrong
    byte @Nullable [] receive() {
        try {
            byte[] message = call.receive();
            begun = true;
            return message;
        } catch (FailureException e) {
            throw explained(e);
        }
    }

    /// Waits until [#receive()] would not have to; false when neither a message nor the end came in time.
    ///
    /// @throws FailureException as there
    boolean arrived(Duration wait) {
        try {
            boolean arrived = call.arrived(wait);
            begun |= arrived;
            return arrived;
        } catch (FailureException e) {
            throw explained(e);
        }
    }

    private FailureException explained(FailureException told) {
        Throwable cause = fault;
        return cause == null ? told : exchange.failure(cause).exception();
    }

    /// Headers of the service's answer; bare ones when it has not begun.
    ResponseHeaders headers() {
        return begun ? call.headers() : ResponseHeaders.of(200);
    }

    /// Ends the call, and the sending with it.
    @Override
    public void close() {
        Thread sending = sender;
        if (sending == null || !sending.isAlive()) {
            call.close();
            return;
        }
        call.cancel();
        // It may wait for a client who sends no more.
        sending.interrupt();
    }
}
