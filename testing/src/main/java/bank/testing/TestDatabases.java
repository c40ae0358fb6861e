package bank.testing;

import bank.embedded.PostgresDatabase;

/// A PostgreSQL on which tests make databases of their own.
sealed interface TestDatabases permits SharedPostgres, ExternalPostgres {

    /// Creates an empty database.
    PostgresDatabase create(String name);

    /// Drops a database and ends the connections to it.
    void drop(String name);
}
