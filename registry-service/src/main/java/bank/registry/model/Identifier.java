package bank.registry.model;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// How a registry knows a person.
///
/// @param type the registry
/// @param value the registry's identifier, upper case without spaces, e.g. `AB123456C` or `9434765919`
public record Identifier(IdentifierType type, String value) {
    /// Samples of original 002: in a sandbox each verifies by itself, and the second, which is no NHS number, is one.
    private static final Identifier NIN_SAMPLE = new Identifier(IdentifierType.NIN, "AB123456C");
    private static final Identifier NHS_SAMPLE = new Identifier(IdentifierType.NHS, "NHS123456789");
    private static final Set<Identifier> SAMPLES = Set.of(NIN_SAMPLE, NHS_SAMPLE);

    private static final Pattern NIN =
            Pattern.compile("(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]");
    private static final Pattern NHS = Pattern.compile("[0-9]{10}");

    /// Reads an identifier; spaces and case do not count. Empty when it is not well formed, so that no registry can
    /// know it.
    public static Optional<Identifier> parse(IdentifierType type, String text) {
        var identifier = new Identifier(type, text.replace(" ", "").toUpperCase(Locale.ROOT));
        return identifier.wellFormed() ? Optional.of(identifier) : Optional.empty();
    }

    /// It is one of the samples that verify by themselves in a sandbox.
    public boolean sample() {
        return SAMPLES.contains(this);
    }

    private boolean wellFormed() {
        return switch (type) {
            case NIN -> NIN.matcher(value).matches();
            case NHS -> equals(NHS_SAMPLE) || (NHS.matcher(value).matches() && nhsCheckDigitHolds(value));
        };
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

    /// Does not tell the value, which logs must not hold.
    @Override
    public String toString() {
        return type + " …" + value.substring(Math.max(0, value.length() - 3));
    }
}
