package bank.contract.model;

/// Why something cannot be done with contracts and links.
public sealed interface ContractFailure {
    /// There is no such contract, or it is not the caller's.
    record ContractNotFound(long contractId) implements ContractFailure {}

    /// There is no such document, or it is not the caller's.
    record DocumentNotFound(long documentId) implements ContractFailure {}

    /// The document was never tied to the contract.
    record LinkNotFound(LinkKey key) implements ContractFailure {}

    /// A client asks for the contracts of another user.
    record UserNotFound(long userId) implements ContractFailure {}

    /// A contract is to be with nobody known.
    record UnknownUser(long userId) implements ContractFailure {}

    /// A caller who is no client did not say whose contract it is to be.
    record UserMissing() implements ContractFailure {}

    /// Contract and document belong to different users.
    record OwnerMismatch(LinkKey key) implements ContractFailure {}

    /// The contract takes no more changes.
    record ContractArchived(long contractId) implements ContractFailure {}

    /// A contract's status does not move that way.
    record IllegalContractStatus(long contractId, ContractStatus from, ContractStatus to) implements ContractFailure {}

    /// A link's status does not move that way.
    record IllegalLinkStatus(LinkKey key, LinkStatus from, LinkStatus to) implements ContractFailure {}

    /// Another change of the same link came in between; a repeat finds things settled.
    record LinkSuperseded(LinkKey key) implements ContractFailure {}
}
