package bank.platform.db;

/// A write broke a constraint of the database.
public final class ConstraintViolatedException extends RuntimeException {
    private final String constraint;

    ConstraintViolatedException(String constraint, Throwable cause) {
        super("constraint " + constraint + " violated", cause);
        this.constraint = constraint;
    }

    /// Name of the constraint.
    public String constraint() {
        return constraint;
    }
}
