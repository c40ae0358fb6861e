package bank.registry.domain;

import bank.platform.db.Tx;
import bank.registry.events.RegistryEvents;
import bank.registry.model.DeathNotice;
import bank.registry.model.DeathState;
import bank.registry.model.Identifier;
import bank.registry.model.IdentifierType;
import bank.registry.model.Registry;
import bank.registry.model.RegistryException;
import bank.registry.model.RegistryFailure;
import bank.registry.store.DeathNoticeStore;
import java.time.Clock;
import java.util.UUID;

/// HMRC's notices of death.
public final class DeathNotices {
    private final Registry hmrc;
    private final DeathNoticeStore store;
    private final RegistryEvents events;
    private final Clock clock;

    public DeathNotices(Registry hmrc, DeathNoticeStore store, RegistryEvents events, Clock clock) {
        this.hmrc = hmrc;
        this.store = store;
        this.events = events;
        this.clock = clock;
    }

    /// The person a notice is of.
    ///
    /// @param nin National Insurance number; spaces and case do not count
    /// @throws RegistryException TaxpayerNotFound
    public Identifier person(String nin) {
        return Identifier.parse(IdentifierType.NIN, nin)
                .filter(identifier -> hmrc.find(identifier).isPresent())
                .orElseThrow(() -> new RegistryException(new RegistryFailure.TaxpayerNotFound()));
    }

    /// Takes a notice and publishes it. What was said last is not said again.
    ///
    /// @param caller who reports it
    /// @return the notice that stands
    /// @throws RegistryException DeathFormal
    public DeathNotice report(Tx tx, String caller, Identifier person, DeathState state) {
        store.lockPerson(tx, person.value());
        var last = store.last(tx, person.value());
        if (last.isPresent() && last.get().state() == state) {
            return last.get();
        }
        if (state == DeathState.INFORMAL
                && last.filter(notice -> notice.state() == DeathState.FORMAL).isPresent()) {
            throw new RegistryException(new RegistryFailure.DeathFormal());
        }
        var version = last.map(DeathNotice::version).orElse(0L) + 1;
        var notice = new DeathNotice(UUID.randomUUID(), person.value(), version, state, clock.instant());
        store.insert(tx, notice, caller);
        events.death(tx, notice, caller);
        return notice;
    }

    /// Takes a formal notice, unless something was said of the person before.
    ///
    /// @param caller who reports it
    void reportFirst(Tx tx, String caller, Identifier person) {
        store.lockPerson(tx, person.value());
        if (store.last(tx, person.value()).isEmpty()) {
            report(tx, caller, person, DeathState.FORMAL);
        }
    }
}
