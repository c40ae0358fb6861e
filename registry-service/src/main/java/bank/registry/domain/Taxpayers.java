package bank.registry.domain;

import bank.platform.auth.Principal;
import bank.platform.db.Database;
import bank.registry.model.DeathNotice;
import bank.registry.model.DeathState;
import bank.registry.model.Identifier;
import bank.registry.model.IdentifierType;
import bank.registry.model.Person;
import bank.registry.model.Registry;
import bank.registry.model.RegistryException;
import bank.registry.model.RegistryFailure;
import bank.registry.model.Taxpayer;
import bank.registry.store.DeathNoticeStore;
import org.jspecify.annotations.Nullable;

/// Taxpayers, as HMRC knows them.
public final class Taxpayers {
    private final Database database;
    private final Registry hmrc;
    private final DeathNoticeStore notices;
    private final OwnRecords own;

    public Taxpayers(Database database, Registry hmrc, DeathNoticeStore notices, OwnRecords own) {
        this.database = database;
        this.hmrc = hmrc;
        this.notices = notices;
        this.own = own;
    }

    /// One taxpayer the caller reaches.
    ///
    /// @param nin National Insurance number; spaces and case do not count
    /// @throws RegistryException TaxpayerNotFound
    public Taxpayer get(Principal caller, String nin) {
        return Identifier.parse(IdentifierType.NIN, nin)
                .filter(identifier -> own.covers(caller, identifier))
                .flatMap(hmrc::find)
                .map(person -> new Taxpayer(person, death(person)))
                .orElseThrow(() -> new RegistryException(new RegistryFailure.TaxpayerNotFound()));
    }

    private @Nullable DeathState death(Person person) {
        return database.read(session -> notices.last(session, person.identifier().value()))
                .map(DeathNotice::state)
                .orElse(person.dead() ? DeathState.FORMAL : null);
    }
}
