package bank.embedded;

/// Where one database is and how to sign in to it.
///
/// @param name the database's name
/// @param jdbcUrl its JDBC URL, without user and password
/// @param user the role that owns it
/// @param password that role's password
public record PostgresDatabase(String name, String jdbcUrl, String user, String password) {

    /// Leaves out the password, so that the record may be logged.
    @Override
    public String toString() {
        return "PostgresDatabase[" + jdbcUrl + " as " + user + "]";
    }
}
