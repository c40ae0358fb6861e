package bank.identity.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lists of words as PostgreSQL's `text[]` takes and gives them.
final class Texts {
    private Texts() {}

    static String @Nullable [] array(@Nullable Collection<String> texts) {
        return texts == null ? null : texts.toArray(String[]::new);
    }

    static String[] read(ResultSet row, String column) throws SQLException {
        return (String[]) row.getArray(column).getArray();
    }

    static @Nullable Set<String> readOptional(ResultSet row, String column) throws SQLException {
        var array = row.getArray(column);
        return array == null ? null : Set.of((String[]) array.getArray());
    }
}
