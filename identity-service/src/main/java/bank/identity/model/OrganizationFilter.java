package bank.identity.model;

import org.jspecify.annotations.Nullable;

/// Which organisations to list; null: all.
///
/// @param parentId only the children of this one
public record OrganizationFilter(
        @Nullable OrganizationType type, @Nullable Long parentId) {}
