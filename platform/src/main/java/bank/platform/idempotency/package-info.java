/// Repeats and dry runs of mutations.
@NullMarked
package bank.platform.idempotency;

import org.jspecify.annotations.NullMarked;
