package bank.identity.rpc;

import bank.identity.domain.LiveCallers;
import bank.platform.db.Tx;
import bank.platform.grpc.Call;
import bank.platform.idempotency.Mutations;
import bank.platform.idempotency.Repeat;
import com.google.protobuf.Message;
import java.util.Optional;
import java.util.function.Function;

/// Mutations of those who still are what their access tokens say.
public final class LiveMutations {
    private final Mutations mutations;
    private final LiveCallers callers;

    /// @param mutations repeats and dry runs
    /// @param callers tells who still is
    public LiveMutations(Mutations mutations, LiveCallers callers) {
        this.mutations = mutations;
        this.callers = callers;
    }

    /// Runs the work of the running call, or answers as the first time when its key is known.
    ///
    /// @throws bank.identity.model.IdentityException CallerOutdated
    <A extends Message> A run(Message request, A prototype, Function<Tx, A> work) {
        return run(Repeat.of(request), prototype, work);
    }

    /// The same with a repeat made by hand.
    <A extends Message> A run(Repeat repeat, A prototype, Function<Tx, A> work) {
        return mutations.run(repeat, prototype, tx -> {
            callers.require(tx, Call.current().principal());
            return work.apply(tx);
        });
    }

    /// The kept answer to a repeat, if there is one.
    <A extends Message> Optional<A> replay(Repeat repeat, A prototype) {
        return mutations.replay(repeat, prototype);
    }
}
