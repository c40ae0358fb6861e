package bank.document.domain;

import bank.document.content.ReceivedContent;
import bank.document.model.ContentVersion;
import bank.document.model.FileName;
import bank.document.model.MediaType;
import java.time.Instant;

/// A file whose content was recognised and scanned.
///
/// @param name its name
/// @param type what it is
/// @param content its bytes
public record CheckedFile(FileName name, MediaType type, ReceivedContent content) {
    /// The version of a document it becomes.
    ContentVersion version(int number, String key, Instant at) {
        return new ContentVersion(number, name.value(), type.value(), content.sizeBytes(), content.digest(), key, at);
    }
}
