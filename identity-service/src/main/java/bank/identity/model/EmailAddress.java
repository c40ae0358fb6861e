package bank.identity.model;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// An e-mail address as the name to sign in with: lower case, so that case never tells two users apart.
///
/// @param value 3 to 254 characters without spaces and control characters, one `@` inside
public record EmailAddress(String value) {
    private static final int LENGTH_MAX = 254;
    private static final Pattern FORM = Pattern.compile("[^@\\s\\p{Cntrl}]+@[^@\\s\\p{Cntrl}]+");

    /// Reads an address in any case; empty when the text is none.
    public static Optional<EmailAddress> parse(String text) {
        var folded = folded(text);
        return folded.length() <= LENGTH_MAX && FORM.matcher(folded).matches()
                ? Optional.of(new EmailAddress(folded))
                : Optional.empty();
    }

    /// Any text as it is compared, be it an address or not.
    public static String folded(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return value;
    }
}
