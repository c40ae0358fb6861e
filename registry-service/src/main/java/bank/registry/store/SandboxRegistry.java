package bank.registry.store;

import bank.platform.db.Database;
import bank.registry.model.Identifier;
import bank.registry.model.IdentifierType;
import bank.registry.model.PatientRoll;
import bank.registry.model.Person;
import bank.registry.model.Registry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;

/// Both registries as tables of this service.
public final class SandboxRegistry implements Registry, PatientRoll {
    private final Database database;

    public SandboxRegistry(Database database) {
        this.database = database;
    }

    @Override
    public Optional<Person> find(Identifier identifier) {
        return switch (identifier.type()) {
            case NIN -> taxpayer(identifier.value());
            case NHS -> patient(identifier.value());
        };
    }

    private Optional<Person> patient(String nhsNumber) {
        return database.read(session -> session.sql()
                .createQuery("""
                        SELECT nhs_number, first_name, last_name, birthday, practice, dead FROM patient
                        WHERE nhs_number = :number""")
                .bind("number", nhsNumber)
                .map(SandboxRegistry::patient)
                .findOne());
    }

    private Optional<Person> taxpayer(String nin) {
        return database.read(session -> session.sql()
                .createQuery("SELECT nin, first_name, last_name, birthday, dead FROM taxpayer WHERE nin = :nin")
                .bind("nin", nin)
                .map(SandboxRegistry::taxpayer)
                .findOne());
    }

    @Override
    public List<Person> page(String after, int rowsMax) {
        return database.read(session -> session.sql()
                .createQuery("""
                        SELECT nhs_number, first_name, last_name, birthday, practice, dead FROM patient
                        WHERE nhs_number > :after ORDER BY nhs_number LIMIT :rows""")
                .bind("after", after)
                .bind("rows", rowsMax)
                .map(SandboxRegistry::patient)
                .list());
    }

    private static Person patient(ResultSet row, StatementContext context) throws SQLException {
        return person(IdentifierType.NHS, row, row.getString("nhs_number"), row.getString("practice"));
    }

    private static Person taxpayer(ResultSet row, StatementContext context) throws SQLException {
        return person(IdentifierType.NIN, row, row.getString("nin"), "");
    }

    private static Person person(IdentifierType type, ResultSet row, String value, String practice)
            throws SQLException {
        return new Person(
                new Identifier(type, value),
                row.getString("first_name"),
                row.getString("last_name"),
                row.getObject("birthday", LocalDate.class),
                row.getBoolean("dead"),
                practice);
    }
}
