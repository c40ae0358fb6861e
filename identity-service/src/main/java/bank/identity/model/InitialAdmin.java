package bank.identity.model;

/// The administrator made at the first start, with the only copy of his password.
public record InitialAdmin(EmailAddress email, Password password) {}
