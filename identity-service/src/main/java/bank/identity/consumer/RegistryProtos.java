package bank.identity.consumer;

import bank.identity.model.DeathNotice;
import bank.identity.model.Identifier;
import bank.identity.model.IdentifierType;
import bank.identity.model.VerificationAnswer;
import bank.identity.model.VerificationStatus;
import bank.platform.events.UnprocessableEventException;
import bank.v1.DeathNotified;
import bank.v1.DeathState;
import bank.v1.VerificationCompleted;
import bank.v1.VerificationReason;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What events of registry-service say, in the values of this service.
final class RegistryProtos {
    private RegistryProtos() {}

    /// An answer of a registry.
    ///
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

    /// A notice of death.
    ///
    /// @param version version of the event
    /// @throws UnprocessableEventException when it makes no sense
    static DeathNotice notice(DeathNotified event, long version) {
        var identifier = Identifier.parse(IdentifierType.NIN, event.getNin(), true)
                .orElseThrow(() -> new UnprocessableEventException("its nin is none"));
        return new DeathNotice(identifier, state(event.getState()), version, event.getReference());
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new UnprocessableEventException("its request_id is no UUID");
        }
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
