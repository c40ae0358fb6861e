package bank.contract.model;

/// What document-service may not know yet of a link.
///
/// @param wanted what it is to know
/// @param generation orders it among the holds and releases of the link
public record LinkTask(LinkKey key, HoldState wanted, long generation) {}
