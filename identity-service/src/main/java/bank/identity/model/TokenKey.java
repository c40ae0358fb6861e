package bank.identity.model;

/// A key of which a client proved that it holds it: its access tokens are bound to it (RFC 9449).
///
/// @param thumbprint what the key is named by (RFC 7638)
/// @param bindsRefreshTokens refresh tokens are bound to it too: the client has nothing else to prove itself by
public record TokenKey(String thumbprint, boolean bindsRefreshTokens) {}
