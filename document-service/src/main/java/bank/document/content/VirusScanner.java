package bank.document.content;

import bank.document.model.DocumentException;

/// Looks for viruses in content.
@FunctionalInterface
public interface VirusScanner {
    /// Looks through a content.
    ///
    /// @throws DocumentException INVALID_ARGUMENT, reason CONTENT_INFECTED, when something is found;
    ///     RESOURCE_EXHAUSTED, reason CONTENT_TOO_LARGE, when the scanner takes no content of that size;
    ///     UNAVAILABLE, reason SCANNER_UNAVAILABLE, when the scanner does not answer
    void scan(ReceivedContent content);

    /// Looks for nothing: where no scanner is configured.
    static VirusScanner none() {
        return content -> {};
    }
}
