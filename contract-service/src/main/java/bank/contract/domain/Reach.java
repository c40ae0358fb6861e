package bank.contract.domain;

import bank.contract.model.Contract;
import bank.contract.model.ContractException;
import bank.contract.model.ContractFailure;
import bank.platform.auth.Principal;
import java.util.Optional;

/// What a caller reaches: a client what is his, staff and machine clients everything.
final class Reach {
    private Reach() {}

    static boolean covers(Principal caller, long userId) {
        return switch (caller) {
            case Principal.User user -> user.staff() || user.id() == userId;
            case Principal.Machine machine -> true;
            case Principal.Anonymous nobody -> false;
        };
    }

    /// The contract, if there is one for this caller.
    static Contract contract(Principal caller, long contractId, Optional<Contract> found) {
        return found.filter(contract -> covers(caller, contract.userId()))
                .orElseThrow(() -> new ContractException(new ContractFailure.ContractNotFound(contractId)));
    }
}
