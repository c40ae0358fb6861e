package bank.contract.model;

/// A hold on a document, taken for a link that does not stand yet.
///
/// @param generation orders it among the holds and releases of the link
/// @param trial taken in a dry run: checked, and neither kept here nor there
public record Hold(LinkKey key, long generation, boolean trial) {}
