/// Contracts, links, and what can go wrong with them.
@NullMarked
package bank.contract.model;

import org.jspecify.annotations.NullMarked;
