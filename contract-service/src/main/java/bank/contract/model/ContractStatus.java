package bank.contract.model;

/// Status of a contract: drawn up, in force, put away. It only moves forward.
public enum ContractStatus {
    /// Being drawn up.
    DRAFT,
    /// In force.
    ACTIVE,
    /// Put away; takes no change and no new link.
    ARCHIVED;

    /// A contract in this status may be set to another one.
    public boolean mayBecome(ContractStatus next) {
        return next.compareTo(this) > 0;
    }
}
