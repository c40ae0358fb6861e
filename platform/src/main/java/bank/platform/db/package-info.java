/// PostgreSQL: transactions as values, migrations, constraint violations by name.
@NullMarked
package bank.platform.db;

import org.jspecify.annotations.NullMarked;
