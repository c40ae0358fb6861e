package bank.platform.grpc;

import bank.platform.telemetry.LoggedRequest;
import io.grpc.ServerCall;

/// Puts the request id on every line logged while a call is served, whichever thread serves it at the moment.
final class LoggedListener<Q> extends ServerCall.Listener<Q> {
    private final ServerCall.Listener<Q> listener;
    private final String requestId;

    LoggedListener(ServerCall.Listener<Q> listener, String requestId) {
        this.listener = listener;
        this.requestId = requestId;
    }

    @Override
    public void onMessage(Q message) {
        LoggedRequest.run(requestId, () -> listener.onMessage(message));
    }

    @Override
    public void onHalfClose() {
        LoggedRequest.run(requestId, listener::onHalfClose);
    }

    @Override
    public void onCancel() {
        LoggedRequest.run(requestId, listener::onCancel);
    }

    @Override
    public void onComplete() {
        LoggedRequest.run(requestId, listener::onComplete);
    }

    @Override
    public void onReady() {
        LoggedRequest.run(requestId, listener::onReady);
    }
}
