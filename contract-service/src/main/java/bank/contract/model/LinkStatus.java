package bank.contract.model;

/// Status of a link between a contract and a document.
public enum LinkStatus {
    /// In force.
    ACTIVE,
    /// Put away; the document stays held.
    ARCHIVED,
    /// Taken back; the document is released. Only a new LinkDocument ends this.
    REVOKED;

    /// The document of such a link is held against deletion.
    public boolean holds() {
        return this != REVOKED;
    }

    /// A link in this status may be set to another one, or to the one it has.
    public boolean mayBecome(LinkStatus next) {
        return this == next || holds();
    }
}
