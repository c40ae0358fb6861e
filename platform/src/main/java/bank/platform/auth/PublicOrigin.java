package bank.platform.auth;

import java.net.URI;

/// Scheme, host and port by which clients address the bank, e.g. `https://bank.example.com`: those of its issuer.
///
/// @param value without a slash at the end
public record PublicOrigin(String value) {
    /// The origin of a URL.
    ///
    /// @throws IllegalArgumentException when it is none
    public static PublicOrigin of(String url) {
        var parts = URI.create(url);
        return new PublicOrigin(parts.getScheme() + "://" + parts.getRawAuthority());
    }

    /// The URL of a path, which begins with a slash.
    public String url(String path) {
        return value + path;
    }
}
