/// Other services, as this one needs them.
@NullMarked
package bank.contract.client;

import org.jspecify.annotations.NullMarked;
