package bank.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.identity.model.Password;
import bank.identity.password.HashCost;
import bank.identity.password.PasswordHasher;
import bank.testing.PostgresExtension;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Clients stored when one could still act both for users and for itself.
final class EarlierClientsIT {
    private static final String SECRET = "a-secret-of-16-letters";

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static RunningIdentity identity;

    @BeforeAll
    static void upgrade() throws Exception {
        var before = Flyway.configure()
                .dataSource(postgres.jdbcUrl(), postgres.user(), postgres.password())
                .locations("classpath:db/platform", "classpath:db/identity")
                .target("10")
                .load()
                .migrate();
        assertThat(before.success).isTrue();
        store("both", "{CLIENT_CREDENTIALS,AUTHORIZATION_CODE,REFRESH_TOKEN}", "{documents:read,tokens:exchange}");
        store("machine", "{CLIENT_CREDENTIALS}", "{tokens:introspect}");
        store("app", "{AUTHORIZATION_CODE,REFRESH_TOKEN}", "{documents:read}");
        store(
                "asker",
                "{AUTHORIZATION_CODE}",
                "{tokens:introspect,documents:read,tokens:exchange,users:write,documents:process}");
        identity = RunningIdentity.start(postgres.database(), Clock.systemUTC(), Map.of());
    }

    private static void store(String id, String grants, String scopes) throws SQLException {
        var hash = new PasswordHasher(HashCost.OWASP, 1, () -> Duration.ofSeconds(30)).hash(new Password(SECRET));
        Sql.update(
                postgres.database(),
                "INSERT INTO oauth_client (id, name, secret_hash, scopes, grants, redirect_uris) VALUES ('" + id
                        + "', '"
                        + id + "', '" + hash.encoded() + "', '" + scopes + "', '" + grants
                        + "', '{http://127.0.0.1/callback}')");
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @Test
    void actForUsersAloneFromNowOn() throws Exception {
        var refused = OAuthForm.post(identity.oauth(), "both", SECRET, "grant_type=client_credentials");
        assertThat(refused.error()).isEqualTo("unauthorized_client");
        assertThat(OAuthForm.post(identity.oauth(), "machine", SECRET, "grant_type=client_credentials")
                        .status())
                .isEqualTo(200);
        assertThat(Sql.read(
                        postgres.database(),
                        "SELECT id || ' ' || version || ' ' || grants::text || ' ' || scopes::text FROM oauth_client"
                                + " WHERE id <> 'bank-cli'"))
                .containsExactlyInAnyOrder(
                        "both 3 {AUTHORIZATION_CODE,REFRESH_TOKEN} {documents:read}",
                        "machine 1 {CLIENT_CREDENTIALS} {tokens:introspect}",
                        "app 1 {AUTHORIZATION_CODE,REFRESH_TOKEN} {documents:read}",
                        "asker 3 {AUTHORIZATION_CODE} {documents:read}");
    }

    @Test
    void areNotStoredAnyMore() {
        assertThatThrownBy(() -> store("another", "{AUTHORIZATION_CODE,CLIENT_CREDENTIALS}", "{}"))
                .hasMessageContaining("oauth_client_one_way_of_acting");
    }
}
