package bank.registry.domain;

import bank.platform.db.Tx;
import bank.registry.client.SubjectClient;
import bank.registry.events.RegistryEvents;
import bank.registry.model.Identifier;
import bank.registry.model.IdentifierType;
import bank.registry.model.Registry;
import bank.registry.model.Rejection;
import bank.registry.model.Subject;
import bank.registry.model.VerificationRequest;
import bank.registry.model.VerificationState;
import bank.registry.store.DeathNoticeStore;
import bank.registry.store.VerifiedPersonStore;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/// Whether users are who they say they are. An identifier alone verifies nobody, save the samples of a sandbox.
public final class Verifications {
    private final SubjectClient subjects;
    private final Registry registries;
    private final DeathNoticeStore notices;
    private final VerifiedPersonStore verified;
    private final RegistryEvents events;
    private final Set<IdentifierType> sandboxes;
    private final Clock clock;

    /// @param registries knows persons of both registries
    /// @param sandboxes what the registries tell persons by that are sandboxes: sample identifiers verify by themselves
    public Verifications(
            SubjectClient subjects,
            Registry registries,
            DeathNoticeStore notices,
            VerifiedPersonStore verified,
            RegistryEvents events,
            Set<IdentifierType> sandboxes,
            Clock clock) {
        this.subjects = subjects;
        this.registries = registries;
        this.notices = notices;
        this.verified = verified;
        this.events = events;
        this.sandboxes = sandboxes;
        this.clock = clock;
    }

    /// What a registry says to a request.
    ///
    /// @param identifier the one that was looked at
    /// @param dead its register has the person as dead
    /// @param rejection why it says no; empty when it says yes
    public record Finding(Identifier identifier, boolean dead, Optional<Rejection> rejection) {}

    /// Asks identity-service who the user is, and the registry whether that is so. Empty when the request counts no
    /// more.
    ///
    /// @throws bank.registry.model.RegistryUnavailableException when the registry gives no answer
    public Optional<Finding> find(VerificationRequest request) {
        return subjects.find(request).map(this::finding);
    }

    private Finding finding(Subject subject) {
        var identifier = subject.identifier();
        if (identifier.sample() && sandboxes.contains(identifier.type())) {
            return new Finding(identifier, false, Optional.empty());
        }
        if (!Likeness.complete(subject)) {
            return rejected(identifier, Rejection.INCOMPLETE);
        }
        var person = Identifier.parse(identifier.type(), identifier.value()).flatMap(registries::find);
        if (person.isEmpty()) {
            return rejected(identifier, Rejection.UNKNOWN_IDENTIFIER);
        }
        // Of a death only he learns who knows whose it is.
        return Likeness.same(subject, person.get())
                ? new Finding(person.get().identifier(), person.get().dead(), Optional.empty())
                : rejected(identifier, Rejection.MISMATCH);
    }

    private static Finding rejected(Identifier identifier, Rejection why) {
        return new Finding(identifier, false, Optional.of(why));
    }

    /// Enters and publishes what the registry said.
    ///
    /// @param attempts how often it was asked
    public void conclude(Tx tx, VerificationRequest request, Finding finding, int attempts) {
        var rejection = finding.rejection();
        if (rejection.isEmpty() && dead(tx, finding)) {
            rejection = Optional.of(Rejection.DECEASED);
        }
        if (rejection.isEmpty() && !verified.enter(tx, request.userId(), finding.identifier(), clock.instant())) {
            rejection = Optional.of(Rejection.IDENTIFIER_TAKEN);
        }
        var state = rejection
                .<VerificationState>map(VerificationState.Rejected::new)
                .orElseGet(VerificationState.Verified::new);
        events.verification(tx, request, state, attempts);
    }

    /// What HMRC said last counts more than what the register has, which may be older. Until the transaction ends it
    /// says nothing new: who is verified was not dead then.
    private boolean dead(Tx tx, Finding finding) {
        if (finding.identifier().type() == IdentifierType.NHS) {
            return finding.dead();
        }
        var nin = finding.identifier().value();
        notices.lockPerson(tx, nin);
        return notices.last(tx, nin)
                .map(notice -> switch (notice.state()) {
                    case FORMAL -> true;
                    case REMOVED -> false;
                    case INFORMAL -> finding.dead();
                })
                .orElse(finding.dead());
    }

    /// Publishes that there is no answer yet.
    ///
    /// @param parked it is not asked again by itself
    /// @param attempts how often it was asked
    public void postpone(Tx tx, VerificationRequest request, boolean parked, int attempts) {
        events.verification(tx, request, new VerificationState.Unanswered(parked), attempts);
    }
}
