package bank.identity.model;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// How a registry knows a person.
///
/// @param type the registry
/// @param value the registry's identifier, upper case without spaces, e.g. `AB123456C` or `9434765919`
public record Identifier(IdentifierType type, String value) {
    private static final Set<String> SANDBOX_SAMPLES = Set.of("AB123456C", "NHS123456789");
    private static final Pattern NIN =
            Pattern.compile("(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]");
    private static final Pattern NHS = Pattern.compile("[0-9]{10}");

    /// Reads an identifier; spaces and case do not count. Empty when it is not well formed.
    ///
    /// @param sandbox take the samples of the sandbox registries too
    public static Optional<Identifier> parse(IdentifierType type, String text, boolean sandbox) {
        var value = text.replace(" ", "").toUpperCase(Locale.ROOT);
        var valid = switch (type) {
            case NIN -> NIN.matcher(value).matches();
            case NHS -> NHS.matcher(value).matches() && nhsCheckDigitHolds(value);
        };
        var sample =
                sandbox && SANDBOX_SAMPLES.contains(value) && value.startsWith("NHS") == (type == IdentifierType.NHS);
        return valid || sample ? Optional.of(new Identifier(type, value)) : Optional.empty();
    }

    /// Weights 10 to 2, check digit 11 − (sum mod 11), where 11 stands for 0 and 10 never occurs.
    private static boolean nhsCheckDigitHolds(String digits) {
        var sum = 0;
        for (var i = 0; i < 9; i++) {
            sum += (10 - i) * (digits.charAt(i) - '0');
        }
        var check = 11 - sum % 11;
        return check != 10 && check % 11 == digits.charAt(9) - '0';
    }
}
