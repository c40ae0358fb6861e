/// The rows of documents in PostgreSQL.
@NullMarked
package bank.document.store;

import org.jspecify.annotations.NullMarked;
