package bank.platform.grpc;

import bank.platform.auth.Principal;
import io.grpc.Context;
import io.grpc.Metadata;
import java.util.Map;
import java.util.concurrent.Callable;

/// Runs code as if inside an rpc.
public final class TestCalls {
    public static final String RPC = "bank.v1.TestService/Test";

    private TestCalls() {}

    public static <T> T call(Principal principal, Map<String, String> headers, Callable<T> work) {
        var metadata = new Metadata();
        headers.forEach((name, value) -> metadata.put(Headers.key(name), value));
        var call = new Call(RPC, metadata, "request-1");
        call.authenticate(principal);
        try {
            return Context.current().withValue(Call.KEY, call).call(work);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public static void run(Principal principal, Map<String, String> headers, Runnable work) {
        call(principal, headers, () -> {
            work.run();
            return true;
        });
    }
}
