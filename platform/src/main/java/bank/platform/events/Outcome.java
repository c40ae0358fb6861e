package bank.platform.events;

/// What came of handling an event.
sealed interface Outcome {

    /// It has an effect, to be applied.
    record Handled(Effect effect) implements Outcome {}

    /// It failed.
    ///
    /// @param reason why, in one line
    /// @param hopeless no repeat would help
    record Failed(String reason, boolean hopeless) implements Outcome {}
}
