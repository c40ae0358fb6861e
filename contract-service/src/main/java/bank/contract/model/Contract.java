package bank.contract.model;

import java.time.Instant;

/// A contract with a user.
///
/// @param id number, above zero
/// @param userId user it is with
/// @param description what it is, up to 1000 characters
/// @param version counts its changes, from 1
public record Contract(
        long id, long userId, String description, ContractStatus status, long version, Instant createdAt) {

    /// Entity tag, for `if-match`.
    public String etag() {
        return Long.toString(version);
    }

    /// This contract, if it still takes changes.
    ///
    /// @throws ContractException ContractArchived
    public Contract changeable() {
        if (status == ContractStatus.ARCHIVED) {
            throw new ContractException(new ContractFailure.ContractArchived(id));
        }
        return this;
    }
}
