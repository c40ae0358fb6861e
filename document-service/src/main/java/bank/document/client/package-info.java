/// Other services this one asks.
@NullMarked
package bank.document.client;

import org.jspecify.annotations.NullMarked;
