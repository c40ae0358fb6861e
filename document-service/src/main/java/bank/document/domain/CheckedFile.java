package bank.document.domain;

import bank.document.content.ReceivedContent;
import bank.document.model.ContentVersion;
import bank.document.model.FileName;
import bank.document.model.MediaType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A file whose content was recognised and scanned.
///
/// @param name the name its sender gave; null when he gave none
/// @param type what it is
/// @param content its bytes
public record CheckedFile(@Nullable FileName name, MediaType type, ReceivedContent content) {
    /// The version of a document it becomes.
    ///
    /// @param otherwise its name when its sender gave none
    ContentVersion version(int number, String otherwise, String key, Instant at) {
        var named = name == null ? otherwise : name.value();
        return new ContentVersion(number, named, type.value(), content.sizeBytes(), content.digest(), key, at);
    }
}
