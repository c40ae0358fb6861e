package bank.registry.domain;

import static org.assertj.core.api.Assertions.assertThat;

import bank.registry.model.Identifier;
import bank.registry.model.IdentifierType;
import bank.registry.model.Person;
import bank.registry.model.Subject;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LikenessTest {
    private static final Identifier IDENTIFIER = new Identifier(IdentifierType.NHS, "9434765919");
    private static final LocalDate BIRTHDAY = LocalDate.of(1984, 4, 12);

    @ParameterizedTest
    @CsvSource({
        "Mary, Jones, Mary, Jones",
        "MARY, jones, Mary, Jones",
        "'  Mary ', 'Jones\t', Mary, Jones",
        "Mary   Ann, Jones, Mary Ann, Jones",
        // Composed and decomposed, and of full width.
        "Zoe\u0308, Müller, Zoë, Mu\u0308ller",
        "Ｍａｒｙ, Jones, Mary, Jones",
        "Николай, ПЕТРОВ, НИКОЛАЙ, Петров",
        "Anna, STRASSE, Anna, Straße",
        "Anna, ΣΙΣΥΦΟΣ, Anna, Σισυφος"
    })
    void caseWidthAndSpacesDoNotCount(String first, String last, String knownFirst, String knownLast) {
        assertThat(Likeness.same(subject(first, last, BIRTHDAY), person(knownFirst, knownLast)))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "Mary, Jonas, Mary, Jones",
        "Marie, Jones, Mary, Jones",
        "Jones, Mary, Mary, Jones",
        "Zoe, Müller, Zoë, Müller",
        "MaryAnn, Jones, Mary Ann, Jones"
    })
    void anotherNameIsAnotherPerson(String first, String last, String knownFirst, String knownLast) {
        assertThat(Likeness.same(subject(first, last, BIRTHDAY), person(knownFirst, knownLast)))
                .isFalse();
    }

    @Test
    void anotherBirthDateIsAnotherPerson() {
        assertThat(Likeness.same(subject("Mary", "Jones", BIRTHDAY.plusDays(1)), person("Mary", "Jones")))
                .isFalse();
        assertThat(Likeness.same(subject("Mary", "Jones", null), person("Mary", "Jones")))
                .isFalse();
    }

    @Test
    void isCompleteWithNamesAndBirthDateAlone() {
        assertThat(Likeness.complete(subject("Mary", "Jones", BIRTHDAY))).isTrue();
        assertThat(Likeness.complete(subject("", "Jones", BIRTHDAY))).isFalse();
        assertThat(Likeness.complete(subject("Mary", " \u2003", BIRTHDAY))).isFalse();
        assertThat(Likeness.complete(subject("Mary", "Jones", null))).isFalse();
    }

    private static Subject subject(String first, String last, @Nullable LocalDate birthday) {
        return new Subject(IDENTIFIER, first, last, birthday);
    }

    private static Person person(String first, String last) {
        return new Person(IDENTIFIER, first, last, BIRTHDAY, false, "");
    }
}
