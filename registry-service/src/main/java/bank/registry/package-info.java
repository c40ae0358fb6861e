/// The registries of NHS and HMRC, as the bank needs them.
///
/// `RegistryServer` wires it bottom up: `store` (SQL, the sandbox's registers among it) and `client` (registries over
/// HTTP, identity-service), `events`, `domain` (`Patients`, `Slots`, `Appointments`, `Taxpayers`, `DeathNotices`,
/// `Verifications`), `rpc` and `consumer`. A registry is a `Registry` of the model, whichever of the two it is.
@NullMarked
package bank.registry;

import org.jspecify.annotations.NullMarked;
