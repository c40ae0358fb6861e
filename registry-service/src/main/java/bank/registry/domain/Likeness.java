package bank.registry.domain;

import bank.registry.model.Person;
import bank.registry.model.Subject;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;

/// Whether somebody is the person a registry knows: by his names, whose case, width and spaces do not count, and his
/// birth date.
final class Likeness {
    private Likeness() {}

    /// He told enough to be compared.
    static boolean complete(Subject subject) {
        return !folded(subject.firstName()).isEmpty()
                && !folded(subject.lastName()).isEmpty()
                && subject.birthday() != null;
    }

    static boolean same(Subject subject, Person person) {
        return folded(subject.firstName()).equals(folded(person.firstName()))
                && folded(subject.lastName()).equals(folded(person.lastName()))
                && person.birthday().equals(subject.birthday());
    }

    private static String folded(String name) {
        // Upper case first: ß and ſ become letters that have a lower case of their own.
        var folded = Normalizer.normalize(name, Form.NFKC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
        return Normalizer.normalize(folded, Form.NFKC)
                .strip()
                .replaceAll("\\s+", " ");
    }
}
