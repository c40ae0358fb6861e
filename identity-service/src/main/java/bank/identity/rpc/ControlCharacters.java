package bank.identity.rpc;

import java.util.List;
import java.util.Map;

/// Finds characters that no parameter of OAuth 2 may hold (RFC 6749, appendix A); a tab may stand in a password.
final class ControlCharacters {
    private ControlCharacters() {}

    /// A parameter has one, in its name or its value.
    static boolean in(Map<String, List<String>> parameters) {
        return parameters.entrySet().stream()
                .anyMatch(parameter ->
                        in(parameter.getKey()) || parameter.getValue().stream().anyMatch(ControlCharacters::in));
    }

    /// The text has one.
    static boolean in(String text) {
        return text.chars().anyMatch(letter -> (letter < ' ' && letter != '\t') || letter == 0x7F);
    }
}
