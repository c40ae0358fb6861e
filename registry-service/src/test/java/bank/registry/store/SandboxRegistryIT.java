package bank.registry.store;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.db.Database;
import bank.registry.RegistryContract;
import bank.registry.TestDatabase;
import bank.registry.model.Identifier;
import bank.registry.model.IdentifierType;
import bank.registry.model.Person;
import bank.registry.model.Registry;
import bank.testing.PostgresExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SandboxRegistryIT extends RegistryContract {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static Database database;

    @BeforeAll
    static void enter() {
        database = TestDatabase.open(postgres);
        // A second start enters nobody twice.
        for (var start = 0; start < 2; start++) {
            database.inTransaction(tx -> {
                new SandboxPeople().enter(tx);
                return tx;
            });
        }
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Override
    protected Registry registry(IdentifierType type) {
        return new SandboxRegistry(database);
    }

    @Test
    void knowsTheSamplesOfTheOriginal() {
        var registry = new SandboxRegistry(database);

        assertThat(registry.find(new Identifier(IdentifierType.NIN, "AB123456C"))).isPresent();
        assertThat(registry.find(new Identifier(IdentifierType.NHS, "NHS123456789")))
                .isPresent();
    }

    @Test
    void hasWellFormedIdentifiersAlone() {
        assertThat(all())
                .hasSizeGreaterThan(15)
                .allSatisfy(person -> assertThat(Identifier.parse(
                                IdentifierType.NHS, person.identifier().value()))
                        .contains(person.identifier()));
        var nins = database.read(session -> session.sql()
                .createQuery("SELECT nin FROM taxpayer")
                .mapTo(String.class)
                .list());
        assertThat(nins)
                .hasSizeGreaterThan(15)
                .allSatisfy(nin ->
                        assertThat(Identifier.parse(IdentifierType.NIN, nin)).isPresent());
    }

    @Test
    void listsEveryPatientOnceWhateverTheSizeOfThePages() {
        var roll = new SandboxRegistry(database);
        var paged = new ArrayList<Person>();
        for (var page = roll.page("", 4); !page.isEmpty(); page = roll.page(last(paged), 4)) {
            assertThat(page.size()).isLessThanOrEqualTo(4);
            paged.addAll(page);
        }

        assertThat(paged).isEqualTo(all());
    }

    private static List<Person> all() {
        return new SandboxRegistry(database).page("", 1000);
    }

    private static String last(List<Person> persons) {
        return persons.getLast().identifier().value();
    }
}
