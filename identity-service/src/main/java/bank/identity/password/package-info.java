/// Argon2id hashes and which passwords are too weak.
@NullMarked
package bank.identity.password;

import org.jspecify.annotations.NullMarked;
