package bank.identity.model;

import java.time.Instant;

/// A place in the list of OAuth clients.
///
/// @param createdAt when the client there was registered
/// @param id its id
public record ClientPlace(Instant createdAt, String id) {}
