package bank.identity.rpc;

import bank.identity.model.Caller;
import bank.identity.model.OAuthClient;
import bank.identity.model.Origin;
import bank.platform.grpc.Call;
import bank.platform.grpc.Headers;
import java.util.Objects;

/// Who makes the running call, as it is told in the audit log.
final class Callers {
    private Callers() {}

    /// The headers are those of [Proxies], which set them themselves; without them nobody but the peer can be meant.
    static Caller current() {
        return named(Call.current().principal().name());
    }

    /// An OAuth client that has proved who it is; a public one proves nothing.
    static Caller of(OAuthClient client) {
        return client.confidential() ? named("client:" + client.id()) : current();
    }

    private static Caller named(String name) {
        var call = Call.current();
        var origin = new Origin(
                Objects.requireNonNullElse(call.header(Headers.CLIENT_ADDRESS), call.peer()),
                Objects.requireNonNullElse(call.header(Headers.CLIENT_AGENT), ""));
        return new Caller(name, origin, call.requestId());
    }
}
