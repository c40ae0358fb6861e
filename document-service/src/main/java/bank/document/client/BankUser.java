package bank.document.client;

/// A user as far as this service needs to know him.
///
/// @param id number
/// @param staff he is an employee or an administrator
public record BankUser(long id, boolean staff) {}
