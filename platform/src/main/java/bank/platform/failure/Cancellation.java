package bank.platform.failure;

import io.grpc.Context;
import io.grpc.Status;

/// Calls nobody waits for any more.
public final class Cancellation {
    private Cancellation() {}

    /// Ends the work of a call whose caller went away or whose deadline passed.
    ///
    /// @throws FailureException CANCELLED
    public static void refuse() {
        if (Context.current().isCancelled()) {
            throw Failure.of(Status.Code.CANCELLED, "CANCELLED", "the call was cancelled")
                    .exception();
        }
    }
}
