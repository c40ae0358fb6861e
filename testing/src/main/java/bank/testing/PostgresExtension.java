package bank.testing;

import bank.embedded.PostgresDatabase;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/// Gives each test class a fresh, empty PostgreSQL database, dropped when the class is done.
///
/// ```java
/// @RegisterExtension
/// static final PostgresExtension postgres = new PostgresExtension();
/// ```
///
/// One server serves the whole run: an embedded PostgreSQL 18 started with the first class that asks, or the one that
/// the environment variable `BANK_TEST_POSTGRES_URL` names.
public final class PostgresExtension implements BeforeAllCallback, AfterAllCallback {
    static final String EXTERNAL_URL = "BANK_TEST_POSTGRES_URL";
    private static final Namespace NAMESPACE = Namespace.create(PostgresExtension.class);

    private final boolean durable;
    private final List<String> created = new ArrayList<>();
    private @Nullable TestDatabases databases;
    private @Nullable PostgresDatabase database;

    /// A database on a server that does not wait for the disk: fast, and right for every test but those of crashes.
    public PostgresExtension() {
        this(false);
    }

    private PostgresExtension(boolean durable) {
        this.durable = durable;
    }

    /// A database on a server that keeps commits through a crash, as in production (fsync, synchronous commit).
    ///
    /// @return the extension, to be registered in a static field
    public static PostgresExtension durable() {
        return new PostgresExtension(true);
    }

    /// The database of this test class.
    ///
    /// @throws IllegalStateException outside a test class, or when the extension is not in a static field
    public PostgresDatabase database() {
        if (database == null) {
            throw notStarted();
        }
        return database;
    }

    /// The JDBC URL of [#database()], without user and password.
    public String jdbcUrl() {
        return database().jdbcUrl();
    }

    /// The role that owns [#database()].
    public String user() {
        return database().user();
    }

    /// The password of [#user()].
    public String password() {
        return database().password();
    }

    /// Creates another empty database, dropped with the test class, for tests of several services.
    ///
    /// @return where it is and how to sign in
    public PostgresDatabase createDatabase() {
        if (databases == null) {
            throw notStarted();
        }
        var random = new byte[8];
        ThreadLocalRandom.current().nextBytes(random);
        var name = "test_" + HexFormat.of().formatHex(random);
        created.add(name);
        return databases.create(name);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        databases = server(context);
        database = createDatabase();
    }

    private TestDatabases server(ExtensionContext context) {
        var store = context.getRoot().getStore(NAMESPACE);
        var external = System.getenv(EXTERNAL_URL);
        if (external != null && !external.isBlank()) {
            return store.computeIfAbsent(EXTERNAL_URL, key -> new ExternalPostgres(external), ExternalPostgres.class);
        }
        return store.computeIfAbsent(durable, SharedPostgres::new, SharedPostgres.class);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (databases != null) {
            created.forEach(databases::drop);
        }
        created.clear();
        database = null;
        databases = null;
    }

    private static IllegalStateException notStarted() {
        return new IllegalStateException("PostgresExtension must be registered in a static field of a test class");
    }
}
