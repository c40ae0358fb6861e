package bank.testing;

import static org.assertj.core.api.Assertions.assertThat;

import bank.embedded.PostgresDatabase;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresExtensionIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final PostgresExtension durable = PostgresExtension.durable();

    @Test
    void givesAnEmptyDatabaseOfPostgres18ThatItsUserOwns() throws SQLException {
        assertThat(query(postgres.database(), "SELECT split_part(version(), ' ', 2)"))
                .startsWith("18.");
        assertThat(query(postgres.database(), "SELECT count(*)::text FROM pg_tables WHERE schemaname = 'public'"))
                .isEqualTo("0");
        try (var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("CREATE TABLE t (id bigint)")).isZero();
        }
    }

    @Test
    void lowersAndSearchesRussianText() throws SQLException {
        assertThat(query(postgres.database(), "SELECT lower('Договор АРЕНДЫ №5')"))
                .isEqualTo("договор аренды №5");
        assertThat(
                        query(
                                postgres.database(),
                                "SELECT to_tsvector('russian', 'Договоры «Ромашки»') @@ plainto_tsquery('russian', 'договор ромашка')"))
                .isEqualTo("t");
    }

    @Test
    @DisabledIfEnvironmentVariable(named = PostgresExtension.EXTERNAL_URL, matches = ".+")
    void waitsForTheDiskOnlyWhenAsked() throws SQLException {
        assertThat(query(postgres.database(), "SHOW fsync")).isEqualTo("off");
        assertThat(query(durable.database(), "SHOW fsync")).isEqualTo("on");
        assertThat(query(durable.database(), "SHOW synchronous_commit")).isEqualTo("on");
    }

    @Test
    void keepsDatabasesApart() {
        var other = postgres.createDatabase();
        assertThat(other.jdbcUrl()).isNotEqualTo(postgres.jdbcUrl());
    }

    private static String query(PostgresDatabase database, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
