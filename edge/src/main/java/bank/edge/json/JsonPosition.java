package bank.edge.json;

/// Where something stands in JSON.
///
/// @param line from 1
/// @param column in characters, from 1
public record JsonPosition(long line, long column) {
    /// The first character.
    public static final JsonPosition START = new JsonPosition(1, 1);

    /// This position in a piece, seen from the whole that the piece was cut out of.
    ///
    /// @param start where the piece begins
    JsonPosition from(JsonPosition start) {
        return new JsonPosition(start.line + line - 1, line == 1 ? start.column + column - 1 : column);
    }

    @Override
    public String toString() {
        return "line " + line + ", column " + column;
    }
}
