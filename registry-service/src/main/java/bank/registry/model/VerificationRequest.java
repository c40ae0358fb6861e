package bank.registry.model;

/// A user wants to be verified.
///
/// @param requestId names the request, a UUID; a later one takes its place
/// @param version counts the user's requests
public record VerificationRequest(long userId, String requestId, long version) {}
