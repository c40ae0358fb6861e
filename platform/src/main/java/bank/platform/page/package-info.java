/// Keyset paging with tokens that cannot be forged.
@NullMarked
package bank.platform.page;

import org.jspecify.annotations.NullMarked;
