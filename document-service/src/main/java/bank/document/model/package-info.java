/// Documents and what is said of them; the JDK only.
@NullMarked
package bank.document.model;

import org.jspecify.annotations.NullMarked;
