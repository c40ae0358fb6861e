package bank.identity.model;

/// A user who has proved who he is.
///
/// @param id number of the user
/// @param epoch how often all his sessions had been ended by then: once more, and the proof is good for nothing
public record ProvedUser(long id, long epoch) {}
