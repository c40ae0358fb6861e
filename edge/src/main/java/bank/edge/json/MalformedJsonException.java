package bank.edge.json;

/// The bytes are no JSON.
public final class MalformedJsonException extends Exception {
    private final String problem;
    private final transient JsonPosition position;

    MalformedJsonException(String problem, JsonPosition position) {
        super(problem + " at " + position, null, false, false);
        this.problem = problem;
        this.position = position;
    }

    /// What is wrong, e.g. `expected , or }`.
    public String problem() {
        return problem;
    }

    /// Where.
    public JsonPosition position() {
        return position;
    }
}
