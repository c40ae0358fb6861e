package bank.registry;

import static org.assertj.core.api.Assertions.assertThat;

import bank.registry.model.Identifier;
import bank.registry.model.IdentifierType;
import bank.registry.model.Person;
import bank.registry.model.Registry;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every registry does, whichever it is.
public abstract class RegistryContract {
    /// Known to both registries.
    protected static final Person PATIENT = new Person(
            new Identifier(IdentifierType.NHS, "9434765919"),
            "Mary",
            "Jones",
            LocalDate.of(1984, 4, 12),
            false,
            "Riverside Surgery");

    protected static final Person TAXPAYER = new Person(
            new Identifier(IdentifierType.NIN, "AB654321A"), "Mary", "Jones", LocalDate.of(1984, 4, 12), false, "");

    /// Dead.
    protected static final Person DEAD = new Person(
            new Identifier(IdentifierType.NIN, "YB494310D"), "George", "Ellison", LocalDate.of(1948, 5, 17), true, "");

    protected static final Person CYRILLIC = new Person(
            new Identifier(IdentifierType.NIN, "LM328882D"), "Николай", "Петров", LocalDate.of(1985, 1, 30), false, "");

    /// The registry of a kind of identifiers, with the persons above in it.
    protected abstract Registry registry(IdentifierType type);

    @Test
    void findsAPersonByHisIdentifier() {
        assertThat(registry(IdentifierType.NHS).find(PATIENT.identifier())).contains(PATIENT);
        assertThat(registry(IdentifierType.NIN).find(TAXPAYER.identifier())).contains(TAXPAYER);
    }

    @Test
    void tellsNamesInTheirOwnLetters() {
        assertThat(registry(IdentifierType.NIN).find(CYRILLIC.identifier())).contains(CYRILLIC);
    }

    @Test
    void tellsWhoIsDead() {
        assertThat(registry(IdentifierType.NIN).find(DEAD.identifier())).contains(DEAD);
    }

    @ParameterizedTest
    @EnumSource(IdentifierType.class)
    void findsNobodyByAnIdentifierItDoesNotHave(IdentifierType type) {
        var value = type == IdentifierType.NHS ? "9999999999" : "ZY999999D";
        assertThat(registry(type).find(new Identifier(type, value))).isEmpty();
    }
}
