package bank.identity.rpc;

import bank.identity.model.Identifier;
import bank.identity.model.IdentifierType;
import bank.identity.model.ParkedPlace;
import bank.identity.model.Verification;
import bank.identity.model.VerificationStatus;
import bank.identity.model.VerificationSubject;
import bank.v1.VerificationReason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// Verifications to and from messages of bank.v1.
final class VerificationProtos {
    private static final int SHOWN = 3;

    private VerificationProtos() {}

    static bank.v1.Verification toProto(Verification verification) {
        var identifier = verification.identifier();
        var proto = bank.v1.Verification.newBuilder()
                .setUserId(verification.userId())
                .setIdentifierType(toProto(identifier.type()))
                .setIdentifierMasked(masked(identifier))
                .setStatus(IdentityProtos.toProto(verification.status()))
                .setReason(toProto(verification.reason()))
                .setRequestedAt(IdentityProtos.toProto(verification.requestedAt()))
                .setAttempts(verification.attempts())
                .setParked(verification.parkedAt() != null);
        var completedAt = verification.completedAt();
        if (completedAt != null && verification.status() != VerificationStatus.UNVERIFIED) {
            proto.setCompletedAt(IdentityProtos.toProto(completedAt));
        }
        return proto.build();
    }

    static bank.v1.VerificationSubject toProto(VerificationSubject subject) {
        var proto = bank.v1.VerificationSubject.newBuilder()
                .setIdentifierType(toProto(subject.identifier().type()))
                .setIdentifierValue(subject.identifier().value())
                .setFirstName(subject.name().first())
                .setLastName(subject.name().last());
        if (subject.birthday() != null) {
            proto.setBirthday(IdentityProtos.toProto(subject.birthday()));
        }
        return proto.build();
    }

    static String position(Verification verification) {
        var parkedAt = verification.parkedAt();
        return parkedAt == null ? "" : ChronoUnit.MICROS.between(Instant.EPOCH, parkedAt) + "/" + verification.userId();
    }

    static ParkedPlace place(@Nullable String position) {
        if (position == null) {
            return ParkedPlace.FIRST;
        }
        var slash = position.indexOf('/');
        return new ParkedPlace(
                Instant.EPOCH.plus(Long.parseLong(position.substring(0, slash)), ChronoUnit.MICROS),
                Long.parseLong(position.substring(slash + 1)));
    }

    private static String masked(Identifier identifier) {
        var value = identifier.value();
        var hidden = Math.max(0, value.length() - SHOWN);
        return "*".repeat(hidden) + value.substring(hidden);
    }

    private static bank.v1.IdentifierType toProto(IdentifierType type) {
        return switch (type) {
            case NIN -> bank.v1.IdentifierType.IDENTIFIER_TYPE_NIN;
            case NHS -> bank.v1.IdentifierType.IDENTIFIER_TYPE_NHS;
        };
    }

    private static VerificationReason toProto(bank.identity.model.@Nullable VerificationReason reason) {
        return switch (reason) {
            case null -> VerificationReason.VERIFICATION_REASON_UNSPECIFIED;
            case INCOMPLETE -> VerificationReason.VERIFICATION_REASON_INCOMPLETE;
            case UNKNOWN_IDENTIFIER -> VerificationReason.VERIFICATION_REASON_UNKNOWN_IDENTIFIER;
            case MISMATCH -> VerificationReason.VERIFICATION_REASON_MISMATCH;
            case DECEASED -> VerificationReason.VERIFICATION_REASON_DECEASED;
            case IDENTIFIER_TAKEN -> VerificationReason.VERIFICATION_REASON_IDENTIFIER_TAKEN;
            case REGISTRY_UNAVAILABLE -> VerificationReason.VERIFICATION_REASON_REGISTRY_UNAVAILABLE;
        };
    }
}
