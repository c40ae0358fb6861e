/// Users, organisations, sign-in, access tokens, verification: the server of `AuthService`, `UserService`,
/// `SessionService`, `OrganizationService`, `OAuthService` and `VerificationService`.
///
/// `Main` starts an `IdentityServer`, which wires `rpc` (gRPC in and out) and `consumer` (events in) to `domain` (use
/// cases), and these to `store` (SQL), `events` (events out), `keys` (signing keys, tokens), `password` (hashes,
/// rules) and `model` (plain values).
@NullMarked
package bank.identity;

import org.jspecify.annotations.NullMarked;
