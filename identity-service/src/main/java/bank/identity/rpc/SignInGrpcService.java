package bank.identity.rpc;

import bank.identity.domain.SignInPauses;
import bank.platform.grpc.Answer;
import bank.v1.LiftPauseRequest;
import bank.v1.LiftPauseRequest.SubjectCase;
import bank.v1.SignInServiceGrpc;
import com.google.protobuf.Empty;
import io.grpc.stub.StreamObserver;

/// `SignInService`: sign-ins as administrators see to them.
public final class SignInGrpcService extends SignInServiceGrpc.SignInServiceImplBase {
    private final SignInPauses pauses;
    private final LiveMutations mutations;

    /// @param mutations repeats and dry runs
    public SignInGrpcService(SignInPauses pauses, LiveMutations mutations) {
        this.pauses = pauses;
        this.mutations = mutations;
    }

    @Override
    public void liftPause(LiftPauseRequest request, StreamObserver<Empty> observer) {
        Answer.one(observer, mutations.run(request, Empty.getDefaultInstance(), tx -> {
            if (request.getSubjectCase() == SubjectCase.USER_ID) {
                pauses.lift(tx, request.getUserId(), Callers.current());
            } else {
                pauses.lift(tx, request.getAddress(), Callers.current());
            }
            return Empty.getDefaultInstance();
        }));
    }
}
