package bank.platform.failure;

import org.jspecify.annotations.Nullable;

/// How a service tells its own exceptions to callers: one exhaustive switch per service.
@FunctionalInterface
public interface FailureTranslator {
    /// What the caller is told, or null for an exception this translator does not know.
    @Nullable
    Failure translate(RuntimeException exception);

    /// Knows no exception.
    static FailureTranslator none() {
        return exception -> null;
    }
}
