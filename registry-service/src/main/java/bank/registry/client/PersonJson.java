package bank.registry.client;

import bank.registry.model.Identifier;
import bank.registry.model.Person;
import bank.registry.model.RegistryUnavailableException;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Map;

/// Answers of a registry over HTTP, as docs/registries.md describes them. What can't be read is no answer: it must
/// neither verify nor reject anybody. Exceptions tell nothing of what the answer holds.
final class PersonJson {
    private static final String UNKNOWN = "PERSON_UNKNOWN";

    private PersonJson() {}

    /// The person an answer tells of.
    ///
    /// @throws RegistryUnavailableException when it can't be read, or tells of another
    static Person person(Identifier asked, String body) {
        var json = parse(body);
        if (!text(json, "identifier").equals(asked.value())) {
            throw new RegistryUnavailableException("answers for another identifier", false, null);
        }
        if (!(json.get("deceased") instanceof Boolean dead)) {
            throw malformed("deceased");
        }
        return new Person(
                asked,
                filled(json, "first_name"),
                filled(json, "last_name"),
                day(json, "birthday"),
                dead,
                json.containsKey("practice") ? text(json, "practice") : "");
    }

    /// Checks that the registry itself says that there is no such person: an address that is wrong answers 404 too.
    ///
    /// @throws RegistryUnavailableException when it does not say so
    static void requireUnknown(String body) {
        if (!UNKNOWN.equals(parse(body).get("code"))) {
            throw new RegistryUnavailableException("is not found at its address", false, null);
        }
    }

    private static Map<String, Object> parse(String body) {
        try {
            return JSONObjectUtils.parse(body);
        } catch (ParseException e) {
            throw new RegistryUnavailableException("answers no JSON object", true, null);
        }
    }

    private static LocalDate day(Map<String, Object> json, String name) {
        try {
            return LocalDate.parse(text(json, name));
        } catch (DateTimeParseException e) {
            throw malformed(name);
        }
    }

    private static String filled(Map<String, Object> json, String name) {
        var text = text(json, name);
        if (text.isBlank()) {
            throw malformed(name);
        }
        return text;
    }

    private static String text(Map<String, Object> json, String name) {
        if (json.get(name) instanceof String text) {
            return text;
        }
        throw malformed(name);
    }

    private static RegistryUnavailableException malformed(String name) {
        return new RegistryUnavailableException("answers without a good " + name, false, null);
    }
}
