package bank.edge.json;

/// The bytes are no JSON.
public final class MalformedJsonException extends Exception {
    private final String problem;
    private final int line;
    private final int column;

    MalformedJsonException(String problem, int line, int column) {
        super(problem + " at line " + line + ", column " + column, null, false, false);
        this.problem = problem;
        this.line = line;
        this.column = column;
    }

    /// What is wrong, e.g. `expected , or }`.
    public String problem() {
        return problem;
    }

    /// Line, from 1.
    public int line() {
        return line;
    }

    /// Column in characters, from 1.
    public int column() {
        return column;
    }
}
