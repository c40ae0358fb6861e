package bank.edge.json;

import bank.platform.failure.Failure;
import java.util.ArrayList;
import java.util.List;

/// What is wrong with a request, gathered up to a bound.
final class Violations {
    private static final int KEPT_MAX = 50;

    private final List<Failure.Violation> all = new ArrayList<>();

    void add(FieldPath path, String description) {
        if (all.size() < KEPT_MAX) {
            all.add(new Failure.Violation(path.toString(), description));
        }
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    void throwIfAny() {
        if (!isEmpty()) {
            throw Failure.invalid("INVALID_FIELD", all).exception();
        }
    }
}
