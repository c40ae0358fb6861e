/// SQL.
@NullMarked
package bank.contract.store;

import org.jspecify.annotations.NullMarked;
