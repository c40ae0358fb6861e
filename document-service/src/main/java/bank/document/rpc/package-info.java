/// The services of `bank.v1` this server answers for.
@NullMarked
package bank.document.rpc;

import org.jspecify.annotations.NullMarked;
