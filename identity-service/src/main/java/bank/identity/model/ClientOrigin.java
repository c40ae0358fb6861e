package bank.identity.model;

/// Where an OAuth client comes from.
public enum ClientOrigin {
    /// This service brings it along.
    BUILT_IN,
    /// The settings name it.
    SETTINGS,
    /// An administrator registered it, or the settings name it no more.
    REGISTRY
}
