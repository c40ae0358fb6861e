package bank.edge.json;

/// A value that does not fit its field.
final class BadValueException extends Exception {
    private final String expectation;

    /// @param expectation what the client is told was expected
    BadValueException(String expectation) {
        super(expectation, null, false, false);
        this.expectation = expectation;
    }

    String expectation() {
        return expectation;
    }
}
