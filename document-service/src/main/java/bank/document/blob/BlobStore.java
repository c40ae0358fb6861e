package bank.document.blob;

import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// Where content is kept, by key. Every method throws `BlobStoreException` when the store does not answer.
public interface BlobStore extends AutoCloseable {
    /// Stores an object, in place of one with the same key.
    ///
    /// @param open opens the bytes from their beginning, once for every attempt
    /// @param sha256 SHA-256 of the bytes, which the store checks, too
    void put(String key, Supplier<InputStream> open, long sizeBytes, byte[] sha256);

    /// Opens part of an object.
    ///
    /// @param first first byte, from 0
    /// @param length how many bytes, above zero
    /// @throws BlobMissingException when there is no such object, or it does not have these bytes
    InputStream open(String key, long first, long length);

    /// Asks the store whether it answers at all.
    void probe();

    /// Size of an object in bytes; empty when there is none.
    OptionalLong size(String key);

    /// Removes an object. That there is none is no error.
    void delete(String key);

    /// URL that reads an object without further credentials.
    ///
    /// @param disposition Content-Disposition it answers with
    /// @param mediaType Content-Type it answers with
    URI readLink(String key, Duration time, String disposition, String mediaType);

    /// URL that takes an object of exactly that size by PUT without further credentials.
    URI writeLink(String key, Duration time, long sizeBytes);

    @Override
    void close();
}
