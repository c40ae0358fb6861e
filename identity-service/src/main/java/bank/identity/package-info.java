/// Users, organisations, sign-in, access tokens: the server of `AuthService`, `UserService`, `SessionService`,
/// `OrganizationService` and `OAuthService`.
///
/// `Main` starts an `IdentityServer`, which wires `rpc` (gRPC in and out) to `domain` (use cases), and these
/// to `store` (SQL), `keys` (signing keys, tokens), `password` (hashes, rules) and `model` (plain values).
@NullMarked
package bank.identity;

import org.jspecify.annotations.NullMarked;
