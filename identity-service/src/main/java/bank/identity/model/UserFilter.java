package bank.identity.model;

import org.jspecify.annotations.Nullable;

/// Which users to list; null and empty: all.
///
/// @param emailPrefix beginning of the e-mail, lower case
/// @param organizationId only members of this organisation
public record UserFilter(
        @Nullable Role role,
        @Nullable UserStatus status,
        String emailPrefix,
        @Nullable Long organizationId) {}
