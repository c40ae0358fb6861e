package bank.identity.model;

/// Sex, ISO/IEC 5218.
public enum Sex {
    /// Not known.
    UNKNOWN,
    /// Male.
    MALE,
    /// Female.
    FEMALE
}
