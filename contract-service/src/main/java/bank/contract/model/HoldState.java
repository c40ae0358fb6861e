package bank.contract.model;

/// Whether document-service keeps a document from deletion for a link.
public enum HoldState {
    /// Deletion is refused.
    HELD,
    /// This link is no obstacle.
    RELEASED;

    /// What a link in a status wants.
    public static HoldState of(LinkStatus status) {
        return status.holds() ? HELD : RELEASED;
    }
}
