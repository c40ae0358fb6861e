package bank.identity.model;

import org.jspecify.annotations.Nullable;

/// An organisation about to be stored.
///
/// @param type null: that of its parent, or customer
/// @param taxNumber Russian INN, or empty
/// @param parentId null: none
public record NewOrganization(
        String name,
        @Nullable OrganizationType type,
        String taxNumber,
        @Nullable Long parentId) {}
