package bank.identity.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An organisation of clients (original: cabinet).
///
/// @param id number, above zero
/// @param parentId the organisation above it; null at the top
/// @param taxNumber Russian INN, or empty
/// @param version counts the changes; the etag
public record Organization(
        long id,
        @Nullable Long parentId,
        String name,
        OrganizationType type,
        String taxNumber,
        Instant createdAt,
        long version) {
    /// Depth of the deepest organisation there may be; one without a parent is at depth 1.
    public static final int DEPTH_MAX = 8;

    /// Version in the form of an entity tag.
    public String etag() {
        return Long.toString(version);
    }

    /// As somebody sees it who does not see the one above it.
    public Organization withoutParent() {
        return new Organization(id, null, name, type, taxNumber, createdAt, version);
    }
}
