package bank.edge.upstream;

/// Text of others as a line of the log may hold it: of bounded length, and with nothing in it that ends the line,
/// moves a cursor or turns the direction of writing.
final class ForeignText {
    /// Most characters of the text that are told.
    static final int LENGTH_MAX = 300;

    private ForeignText() {}

    /// The text, cut with `…`. Line ends, tabs and backslashes are escaped as in Java, other characters that do not
    /// print by their code point.
    static String of(String text) {
        var told = new StringBuilder(Math.min(text.length(), LENGTH_MAX) + 1);
        int end = text.length() <= LENGTH_MAX ? text.length() : LENGTH_MAX;
        text.substring(0, end).codePoints().forEach(character -> append(told, character));
        return end < text.length() ? told.append('…').toString() : told.toString();
    }

    private static void append(StringBuilder told, int character) {
        switch (character) {
            case '\\' -> told.append("\\\\");
            case '\n' -> told.append("\\n");
            case '\r' -> told.append("\\r");
            case '\t' -> told.append("\\t");
            default -> {
                if (prints(character)) {
                    told.appendCodePoint(character);
                } else {
                    told.append("\\u{%x}".formatted(character));
                }
            }
        }
    }

    private static boolean prints(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
