package bank.document.model;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// An upload by presigned URL that was opened and not finished.
///
/// @param id opaque name
/// @param userId who opened it
/// @param description what the document will be
/// @param categoryId its category
/// @param actualDate first day in force
/// @param actualEndDate last day in force
/// @param fileName name of the file
/// @param sizeBytes size it must have
/// @param contentDigest promised digests, in the form of the Content-Digest header
/// @param stagingKey key of the object the URL writes
/// @param expiresAt when it ends
public record PresignedUpload(
        String id,
        long userId,
        String description,
        long categoryId,
        @Nullable LocalDate actualDate,
        @Nullable LocalDate actualEndDate,
        String fileName,
        long sizeBytes,
        String contentDigest,
        String stagingKey,
        Instant expiresAt) {}
