package bank.registry.model;

/// Registry an identifier belongs to.
public enum IdentifierType {
    /// National Insurance number, known to HMRC.
    NIN,
    /// NHS number.
    NHS
}
