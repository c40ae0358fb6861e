/// Contracts and the documents tied to them (SM).
///
/// `ContractServer` wires it bottom up: `store` (SQL) and `client` (document-service,
/// identity-service), `events`, `domain` (`Contracts`, `ContractLinks`, `LinkTasks`), `rpc`. A link and its
/// hold at document-service are kept equal by tasks, which `LinkTasks` explains.
@NullMarked
package bank.contract;

import org.jspecify.annotations.NullMarked;
