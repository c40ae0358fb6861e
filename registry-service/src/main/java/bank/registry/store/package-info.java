/// SQL.
@NullMarked
package bank.registry.store;

import org.jspecify.annotations.NullMarked;
