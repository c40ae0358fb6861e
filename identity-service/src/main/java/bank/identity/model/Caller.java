package bank.identity.model;

/// Who does something, and from where, as it is told in the audit log.
///
/// @param name e.g. `user:17`, `client:abs-integration` or `anonymous`
/// @param origin where he is
/// @param requestId id of the request
public record Caller(String name, Origin origin, String requestId) {}
