package bank.identity.rpc;

import bank.identity.model.DeathNotice;
import bank.identity.model.Identifier;
import bank.identity.model.IdentifierType;
import bank.identity.model.ParkedPlace;
import bank.identity.model.Verification;
import bank.identity.model.VerificationAnswer;
import bank.identity.model.VerificationStatus;
import bank.identity.model.VerificationSubject;
import bank.platform.events.UnprocessableEventException;
import bank.v1.DeathNotified;
import bank.v1.DeathState;
import bank.v1.VerificationCompleted;
import bank.v1.VerificationReason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
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

    /// @throws UnprocessableEventException when it makes no sense
    static VerificationAnswer answer(VerificationCompleted event) {
        return new VerificationAnswer(
                event.getUserId(),
                uuid(event.getRequestId()),
                switch (event.getOutcome()) {
                    case VERIFICATION_STATUS_PENDING -> VerificationStatus.PENDING;
                    case VERIFICATION_STATUS_VERIFIED -> VerificationStatus.VERIFIED;
                    case VERIFICATION_STATUS_REJECTED -> VerificationStatus.REJECTED;
                    case VERIFICATION_STATUS_UNSPECIFIED, VERIFICATION_STATUS_UNVERIFIED, UNRECOGNIZED ->
                        throw new UnprocessableEventException("its outcome is none");
                },
                reason(event.getReason()),
                event.getAttempts(),
                event.getParked());
    }

    /// @param version version of the event
    /// @throws UnprocessableEventException when it makes no sense
    static DeathNotice notice(DeathNotified event, long version) {
        var identifier = Identifier.parse(IdentifierType.NIN, event.getNin(), true)
                .orElseThrow(() -> new UnprocessableEventException("its nin is none"));
        return new DeathNotice(identifier, state(event.getState()), version, event.getReference());
    }

    static String position(Verification verification) {
        var parkedAt = verification.parkedAt();
        return parkedAt == null
                ? ""
                : ChronoUnit.MICROS.between(Instant.EPOCH, parkedAt) + "/" + verification.userId();
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

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new UnprocessableEventException("its request_id is no UUID");
        }
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

    private static bank.identity.model.@Nullable VerificationReason reason(VerificationReason reason) {
        return switch (reason) {
            case VERIFICATION_REASON_UNSPECIFIED -> null;
            case VERIFICATION_REASON_INCOMPLETE -> bank.identity.model.VerificationReason.INCOMPLETE;
            case VERIFICATION_REASON_UNKNOWN_IDENTIFIER -> bank.identity.model.VerificationReason.UNKNOWN_IDENTIFIER;
            case VERIFICATION_REASON_MISMATCH -> bank.identity.model.VerificationReason.MISMATCH;
            case VERIFICATION_REASON_DECEASED -> bank.identity.model.VerificationReason.DECEASED;
            case VERIFICATION_REASON_IDENTIFIER_TAKEN -> bank.identity.model.VerificationReason.IDENTIFIER_TAKEN;
            case VERIFICATION_REASON_REGISTRY_UNAVAILABLE ->
                bank.identity.model.VerificationReason.REGISTRY_UNAVAILABLE;
            case UNRECOGNIZED -> throw new UnprocessableEventException("its reason is none");
        };
    }

    private static bank.identity.model.DeathState state(DeathState state) {
        return switch (state) {
            case DEATH_STATE_INFORMAL -> bank.identity.model.DeathState.INFORMAL;
            case DEATH_STATE_FORMAL -> bank.identity.model.DeathState.FORMAL;
            case DEATH_STATE_REMOVED -> bank.identity.model.DeathState.REMOVED;
            case DEATH_STATE_UNSPECIFIED, UNRECOGNIZED -> throw new UnprocessableEventException("its state is none");
        };
    }
}
