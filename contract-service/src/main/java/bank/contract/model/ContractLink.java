package bank.contract.model;

/// A document's tie to a contract.
///
/// @param id number of the link; later links have higher ones
public record ContractLink(long id, LinkKey key, LinkStatus status) {}
