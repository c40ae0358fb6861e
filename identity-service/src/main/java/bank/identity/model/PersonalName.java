package bank.identity.model;

import java.text.Normalizer;
import java.util.regex.Pattern;

/// Name of a person; each part up to 100 characters, or empty.
public record PersonalName(String first, String last, String middle) {
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    /// Nothing said.
    public static final PersonalName NONE = new PersonalName("", "", "");

    public PersonalName {
        first = part("first_name", first);
        last = part("last_name", last);
        middle = part("middle_name", middle);
    }

    private static String part(String field, String text) {
        if (CONTROL.matcher(text).find()) {
            throw new IdentityException(
                    new IdentityFailure.FieldInvalid(field, "control characters are no part of a name"));
        }
        return Normalizer.normalize(text.strip(), Normalizer.Form.NFC);
    }
}
