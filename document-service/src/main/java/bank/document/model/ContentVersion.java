package bank.document.model;

import java.time.Instant;

/// One version of a document's content, as it is stored.
///
/// @param version number of the version, from 1
/// @param fileName name of the file as its owner calls it
/// @param mediaType media type recognised from the content
/// @param sizeBytes size in bytes
/// @param digest digest with its algorithm, e.g. `sha-256:9f86d081…`
/// @param key key of the object in S3
/// @param createdAt when it was stored
public record ContentVersion(
        int version, String fileName, String mediaType, long sizeBytes, String digest, String key, Instant createdAt) {}
