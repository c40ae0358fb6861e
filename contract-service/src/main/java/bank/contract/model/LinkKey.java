package bank.contract.model;

/// What a link ties together; there is one link for each pair.
public record LinkKey(long contractId, long documentId) {
    /// Name under which the contract holds its documents, e.g. `contract:101`.
    public String holder() {
        return "contract:" + contractId;
    }
}
