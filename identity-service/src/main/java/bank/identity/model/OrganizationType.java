package bank.identity.model;

/// What an organisation is to the bank.
public enum OrganizationType {
    /// Buys and uses products.
    CUSTOMER,
    /// Sells or supports them on the vendor's behalf.
    PARTNER,
    /// Makes them.
    VENDOR
}
