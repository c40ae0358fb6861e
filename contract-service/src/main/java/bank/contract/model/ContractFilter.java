package bank.contract.model;

import org.jspecify.annotations.Nullable;

/// Which contracts a list shows.
///
/// @param userId only those with this user
/// @param status only those in this status
public record ContractFilter(
        @Nullable Long userId, @Nullable ContractStatus status) {}
