package bank.identity.model;

import java.util.Optional;
import java.util.regex.Pattern;

/// Russian tax number (INN): 10 digits of an organisation or 12 of a person, the last or the last two of them check
/// digits.
///
/// @param value the digits
public record TaxNumber(String value) {
    private static final Pattern FORM = Pattern.compile("(?!00)(?:[0-9]{10}|[0-9]{12})");
    private static final int[] WEIGHTS = {3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8};

    /// Reads a number; empty when it is none.
    public static Optional<TaxNumber> parse(String text) {
        var valid = FORM.matcher(text).matches()
                && (text.length() == 10 ? checkHolds(text, 9) : checkHolds(text, 10) && checkHolds(text, 11));
        return valid ? Optional.of(new TaxNumber(text)) : Optional.empty();
    }

    /// The number, or empty for an empty text.
    ///
    /// @throws IdentityException FieldInvalid of `tax_number`
    public static String orEmpty(String text) {
        if (text.isEmpty()) {
            return "";
        }
        return parse(text)
                .map(TaxNumber::value)
                .orElseThrow(() -> new IdentityException(new IdentityFailure.FieldInvalid(
                        "tax_number", "must be a Russian tax number whose check digits hold")));
    }

    /// The digit at a place is the weighted sum of those before it, modulo 11, modulo 10.
    private static boolean checkHolds(String digits, int place) {
        var sum = 0;
        for (var i = 0; i < place; i++) {
            sum += WEIGHTS[WEIGHTS.length - place + i] * (digits.charAt(i) - '0');
        }
        return sum % 11 % 10 == digits.charAt(place) - '0';
    }
}
