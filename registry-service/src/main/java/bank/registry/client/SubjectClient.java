package bank.registry.client;

import bank.platform.failure.Failure;
import bank.registry.model.Identifier;
import bank.registry.model.IdentifierType;
import bank.registry.model.Subject;
import bank.registry.model.VerificationRequest;
import bank.v1.GetVerificationSubjectRequest;
import bank.v1.VerificationServiceGrpc;
import bank.v1.VerificationServiceGrpc.VerificationServiceBlockingStub;
import bank.v1.VerificationSubject;
import com.google.type.Date;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.time.LocalDate;
import java.util.Optional;

/// What users say of themselves, as identity-service knows it.
public final class SubjectClient {
    private static final String SUPERSEDED = "VERIFICATION_SUPERSEDED";

    private final VerificationServiceBlockingStub verifications;

    /// @param asService channel to identity-service whose calls carry this service's own token, scope
    ///     `verifications:process`
    public SubjectClient(Channel asService) {
        this.verifications = VerificationServiceGrpc.newBlockingStub(asService);
    }

    /// Who wants to be verified. Empty when the request counts no more: the user is gone, or has made another.
    public Optional<Subject> find(VerificationRequest request) {
        try {
            return Optional.of(subject(verifications.getVerificationSubject(GetVerificationSubjectRequest.newBuilder()
                    .setUserId(request.userId())
                    .setRequestId(request.requestId())
                    .build())));
        } catch (StatusRuntimeException e) {
            if (countsNoMore(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static boolean countsNoMore(StatusRuntimeException e) {
        return switch (e.getStatus().getCode()) {
            // One without a reason of this system is of something on the way, as of an rpc that is not there yet.
            case NOT_FOUND -> Failure.of(e).isPresent();
            case FAILED_PRECONDITION ->
                Failure.of(e).filter(failure -> failure.reason().equals(SUPERSEDED)).isPresent();
            default -> false;
        };
    }

    private static Subject subject(VerificationSubject subject) {
        var type = switch (subject.getIdentifierType()) {
            case IDENTIFIER_TYPE_NIN -> IdentifierType.NIN;
            case IDENTIFIER_TYPE_NHS -> IdentifierType.NHS;
            case IDENTIFIER_TYPE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalStateException("identity-service tells no kind of identifier");
        };
        return new Subject(
                new Identifier(type, subject.getIdentifierValue()),
                subject.getFirstName(),
                subject.getLastName(),
                subject.hasBirthday() ? day(subject.getBirthday()) : null);
    }

    private static LocalDate day(Date date) {
        return LocalDate.of(date.getYear(), date.getMonth(), date.getDay());
    }
}
