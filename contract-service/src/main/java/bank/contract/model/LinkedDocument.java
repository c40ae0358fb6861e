package bank.contract.model;

import org.jspecify.annotations.Nullable;

/// A link with what the caller may see of its document.
///
/// @param content the document; null when it was deleted after the link was revoked
public record LinkedDocument(ContractLink link, @Nullable Content content) {
    /// A document as a contract shows it.
    ///
    /// @param description in its owner's words
    /// @param url presigned URL of its content
    public record Content(String description, String url) {}
}
