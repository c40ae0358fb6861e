package bank.identity.rpc;

import bank.identity.domain.Verifications;
import bank.platform.auth.Principal;
import bank.platform.grpc.Answer;
import bank.platform.grpc.Call;
import bank.platform.page.PageTokens;
import bank.v1.GetVerificationRequest;
import bank.v1.GetVerificationSubjectRequest;
import bank.v1.ListDeadLettersRequest;
import bank.v1.ListDeadLettersResponse;
import bank.v1.ReplayDeadLetterRequest;
import bank.v1.RetryVerificationRequest;
import bank.v1.Verification;
import bank.v1.VerificationServiceGrpc;
import bank.v1.VerificationSubject;
import io.grpc.stub.StreamObserver;
import java.util.UUID;

/// `VerificationService`: how far users are verified by registries.
public final class VerificationGrpcService extends VerificationServiceGrpc.VerificationServiceImplBase {
    private final Verifications verifications;
    private final LiveMutations mutations;
    private final PageTokens pageTokens;

    /// @param mutations repeats and dry runs, of those who still are what their tokens say
    /// @param pageTokens seals of list positions
    public VerificationGrpcService(Verifications verifications, LiveMutations mutations, PageTokens pageTokens) {
        this.verifications = verifications;
        this.mutations = mutations;
        this.pageTokens = pageTokens;
    }

    @Override
    public void getVerification(GetVerificationRequest request, StreamObserver<Verification> observer) {
        var verification = verifications.get(caller(), request.hasUserId() ? (Long) request.getUserId() : null);
        Answer.one(observer, VerificationProtos.toProto(verification));
    }

    @Override
    public void retryVerification(RetryVerificationRequest request, StreamObserver<Verification> observer) {
        var type = IdentityProtos.identifierType(request.getIdentifierType());
        Answer.one(
                observer,
                mutations.run(
                        request,
                        Verification.getDefaultInstance(),
                        tx -> VerificationProtos.toProto(verifications.retry(
                                tx,
                                caller(),
                                request.hasUserId() ? (Long) request.getUserId() : null,
                                type,
                                request.getIdentifierValue(),
                                Callers.current()))));
    }

    @Override
    public void listDeadLetters(ListDeadLettersRequest request, StreamObserver<ListDeadLettersResponse> observer) {
        var size = request.hasPageSize() ? request.getPageSize() : PageTokens.SIZE_DEFAULT;
        var after = VerificationProtos.place(pageTokens.position(request));
        var rows = verifications.deadLetters(after, size + 1);
        var page = pageTokens.cut(request, rows, size, VerificationProtos::position);
        Answer.one(
                observer,
                ListDeadLettersResponse.newBuilder()
                        .addAllVerifications(
                                page.map(VerificationProtos::toProto).rows())
                        .setNextPageToken(page.nextToken())
                        .build());
    }

    @Override
    public void replayDeadLetter(ReplayDeadLetterRequest request, StreamObserver<Verification> observer) {
        Answer.one(
                observer,
                mutations.run(
                        request,
                        Verification.getDefaultInstance(),
                        tx -> VerificationProtos.toProto(
                                verifications.replay(tx, request.getUserId(), Callers.current()))));
    }

    @Override
    public void getVerificationSubject(
            GetVerificationSubjectRequest request, StreamObserver<VerificationSubject> observer) {
        var subject = verifications.subject(request.getUserId(), UUID.fromString(request.getRequestId()));
        Answer.one(observer, VerificationProtos.toProto(subject));
    }

    private static Principal.User caller() {
        return (Principal.User) Call.current().principal();
    }
}
