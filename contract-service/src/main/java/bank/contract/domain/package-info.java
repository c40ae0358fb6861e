/// What can be done with contracts and links.
@NullMarked
package bank.contract.domain;

import org.jspecify.annotations.NullMarked;
