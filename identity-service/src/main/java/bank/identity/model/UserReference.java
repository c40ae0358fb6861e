package bank.identity.model;

/// A user without anything personal.
public record UserReference(long id, Role role, UserStatus status) {}
