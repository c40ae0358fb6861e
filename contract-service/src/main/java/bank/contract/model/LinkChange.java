package bank.contract.model;

import org.jspecify.annotations.Nullable;

/// A change of a link.
///
/// @param key contract and document
/// @param userId to whom both belong
/// @param from status before; null for a new link
/// @param to status now
/// @param actor who did it, e.g. `user:17`
/// @param version counts the changes of the contract's links, from 1
public record LinkChange(
        LinkKey key, long userId, @Nullable LinkStatus from, LinkStatus to, String actor, long version) {}
