package bank.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SequentialScansIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @Test
    void namesWhatIsReadFromEndToEndAndNothingElse() throws SQLException {
        try (var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE parent (id int PRIMARY KEY, text text)");
            statement.execute(
                    "CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent ON DELETE CASCADE)");
            statement.execute("INSERT INTO parent SELECT n, 'text ' || n FROM generate_series(1, 5000) n");
            statement.execute("INSERT INTO child SELECT n, n FROM generate_series(1, 5000) n");
            statement.execute("ANALYZE");
            connection.setAutoCommit(false);

            assertThat(SequentialScans.during(
                            connection, () -> statement.execute("SELECT text FROM parent WHERE id = 7")))
                    .isEmpty();
            assertThat(SequentialScans.during(
                            connection, () -> statement.execute("SELECT id FROM parent WHERE text = 'text 7'")))
                    .containsExactly("parent");
            assertThat(SequentialScans.during(connection, () -> statement.execute("DELETE FROM parent WHERE id = 7")))
                    .as("what a foreign key without an index makes it read")
                    .containsExactly("child");
            connection.rollback();
        }
    }
}
