/// What went wrong, in the form every caller sees: code, reason, details.
@NullMarked
package bank.platform.failure;

import org.jspecify.annotations.NullMarked;
