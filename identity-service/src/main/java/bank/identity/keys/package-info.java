/// Secrets at rest, signing keys, access and refresh tokens.
@NullMarked
package bank.identity.keys;

import org.jspecify.annotations.NullMarked;
