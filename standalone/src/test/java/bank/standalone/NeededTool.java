package bank.standalone;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.function.Supplier;

/// A tool that a test needs and a machine may lack.
final class NeededTool {
    private static final String REQUIRED = "bank.test.tools.required";

    private NeededTool() {}

    /// Skips the test without the tool, and says so where it is read: a report tells of skipped tests as if nothing
    /// were amiss. With the system property `bank.test.tools.required` the test fails instead.
    static void orSkip(boolean there, String untested, Supplier<String> why) {
        if (!there) {
            var line = untested + " NOT TESTED: " + why.get();
            if (Boolean.getBoolean(REQUIRED)) {
                fail(line);
            }
            System.out.println(line);
            abort(line);
        }
    }
}
