package bank.platform.config;

import java.util.List;

/// The settings do not allow a start.
public final class InvalidSettingsException extends RuntimeException {
    private final transient List<String> problems;

    /// @param problems every problem found, a line each
    public InvalidSettingsException(List<String> problems) {
        super("invalid settings: " + String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /// Every problem found, a line each.
    public List<String> problems() {
        return problems;
    }
}
