/// What document-service tells other systems by events, and what it is told by them.
@NullMarked
package bank.document.events;

import org.jspecify.annotations.NullMarked;
