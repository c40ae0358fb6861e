package bank.testing;

import bank.embedded.PostgresDatabase;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// A PostgreSQL given by the environment; tests sign in as the role named there, which may create databases.
final class ExternalPostgres implements TestDatabases {
    private static final String SCHEME = "jdbc:";

    private final String url;
    private final URI address;
    private final Map<String, String> parameters;

    /// @param url such as `jdbc:postgresql://localhost:5432/postgres?user=postgres&password=secret`
    ExternalPostgres(String url) {
        this.url = url;
        if (!url.startsWith(SCHEME)) {
            throw new IllegalArgumentException(PostgresExtension.EXTERNAL_URL + " must begin with " + SCHEME);
        }
        address = URI.create(url.substring(SCHEME.length()));
        parameters = parameters(address);
    }

    private static Map<String, String> parameters(URI address) {
        var parameters = new HashMap<String, String>();
        if (address.getRawQuery() != null) {
            for (var pair : address.getRawQuery().split("&", -1)) {
                var equals = pair.indexOf('=');
                if (equals > 0) {
                    parameters.put(
                            pair.substring(0, equals),
                            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
                }
            }
        }
        return parameters;
    }

    @Override
    public PostgresDatabase create(String name) {
        execute("CREATE DATABASE " + name);
        return new PostgresDatabase(
                name,
                SCHEME + "postgresql://" + address.getRawAuthority() + "/" + name,
                parameters.getOrDefault("user", "postgres"),
                parameters.getOrDefault("password", ""));
    }

    @Override
    public void drop(String name) {
        execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }

    private void execute(String sql) {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("on the server of " + PostgresExtension.EXTERNAL_URL + ": " + sql, e);
        }
    }
}
