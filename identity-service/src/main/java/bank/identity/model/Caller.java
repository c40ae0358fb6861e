package bank.identity.model;

/// Who does something, and from where, as it is told in the audit log.
///
/// @param name e.g. `user:17`, `client:abs-integration` or `anonymous`
/// @param origin where he is
/// @param requestId id of the request
public record Caller(String name, Origin origin, String requestId) {
    /// The service by itself, or by its settings.
    public static Caller system() {
        return new Caller("system", new Origin("", ""), "");
    }

    /// Another service of the bank, by an event.
    ///
    /// @param name e.g. `registry-service`
    /// @param requestId id of the request the event came of, or empty
    public static Caller service(String name, String requestId) {
        return new Caller("service:" + name, new Origin("", ""), requestId);
    }

    /// Whoever runs a command on the service's machine.
    public static Caller operator() {
        return new Caller("operator", new Origin("", ""), "");
    }
}
