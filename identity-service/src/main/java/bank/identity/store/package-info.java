/// SQL of identity-service.
@NullMarked
package bank.identity.store;

import org.jspecify.annotations.NullMarked;
