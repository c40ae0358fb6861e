package bank.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.identity.model.ClientRegistration;
import bank.identity.model.Password;
import bank.identity.model.Role;
import bank.identity.model.UserIssuer;
import bank.platform.config.InvalidSettingsException;
import bank.platform.config.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class IdentitySettingsTest {
    private static final Map<String, String> REQUIRED = Map.of(
            "BANK_IDENTITY_PORT", "0",
            "BANK_IDENTITY_DATABASE_URL", "jdbc:postgresql://127.0.0.1/identity",
            "BANK_IDENTITY_DATABASE_USER", "identity",
            "BANK_IDENTITY_TOKENS_ISSUER", "http://127.0.0.1:8080",
            "BANK_IDENTITY_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092",
            "BANK_IDENTITY_KEY_ENCRYPTION_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");

    @Test
    void hasTheseDefaults() {
        var config = config(Map.of());
        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(config.accessTokenLife()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.sessionUnusedMax()).isEqualTo(Duration.ofDays(30));
        assertThat(config.sessionTotalMax()).isEqualTo(Duration.ofDays(90));
        assertThat(config.signingKeyLife()).isEqualTo(Duration.ofDays(90));
        assertThat(config.accountFailuresMax()).isEqualTo(5);
        assertThat(config.addressFailuresMax()).isEqualTo(20);
        assertThat(config.signInPauseMax()).isEqualTo(Duration.ofMinutes(15));
        assertThat(config.sandbox()).isFalse();
        assertThat(config.demo()).isFalse();
        assertThat(config.commonPasswordsAllowed()).isFalse();
        assertThat(config.adminEmail()).isEqualTo("admin@bank.local");
        assertThat(config.adminReset()).isFalse();
        assertThat(config.proxies()).containsExactlyInAnyOrder("127.0.0.0/8", "::1");
        assertThat(config.clients()).isEmpty();
        assertThat(config.issuers()).isEmpty();
        assertThat(config.addressRegistrationsMax()).isEmpty();
        assertThat(IdentitySettings.of(config).addressRegistrationsMax()).isEqualTo(20);
        assertThat(IdentitySettings.of(config).hashingsMax()).isPositive();
    }

    @Test
    void letsDemonstrationsRegisterMore() {
        var demo = config(Map.of("BANK_IDENTITY_DEMO", "true"));
        assertThat(IdentitySettings.of(demo).addressRegistrationsMax()).isEqualTo(10_000);
        var own = config(Map.of("BANK_IDENTITY_DEMO", "true", "BANK_IDENTITY_ADDRESS_REGISTRATIONS_MAX", "3"));
        assertThat(IdentitySettings.of(own).addressRegistrationsMax()).isEqualTo(3);
    }

    @Test
    void readsClientsFromTheEnvironment() {
        var settings = IdentitySettings.of(config(Map.of(
                "BANK_IDENTITY_CLIENTS_CONTRACT_ID", "contract-service",
                "BANK_IDENTITY_CLIENTS_CONTRACT_SECRET", "0123456789abcdef",
                "BANK_IDENTITY_CLIENTS_CONTRACT_SCOPES", "users:read,documents:hold")));
        assertThat(settings.clients())
                .containsExactly(new ClientRegistration(
                        "contract-service", new Password("0123456789abcdef"), Set.of("users:read", "documents:hold")));
    }

    @Test
    void readsClientsFromProperties() {
        var config = Settings.of(
                IdentityConfig.class,
                Map.of(
                        "bank.identity.port", "0",
                        "bank.identity.database.url", "jdbc:postgresql://127.0.0.1/identity",
                        "bank.identity.database.user", "identity",
                        "bank.identity.tokens.issuer", "http://127.0.0.1:8080",
                        "bank.identity.kafka.bootstrap-servers", "127.0.0.1:9092",
                        "bank.identity.key-encryption-key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                        "bank.identity.clients.document-service.secret", "0123456789abcdef",
                        "bank.identity.clients.document-service.scopes", "users:read"));
        assertThat(IdentitySettings.of(config).clients())
                .containsExactly(new ClientRegistration(
                        "document-service", new Password("0123456789abcdef"), Set.of("users:read")));
    }

    @Test
    void listsEveryProblem() {
        var config = config(Map.ofEntries(
                Map.entry("BANK_IDENTITY_SIGNING_KEY_LIFE", "PT23H59M59S"),
                Map.entry("BANK_IDENTITY_ACCOUNT_FAILURES_MAX", "2"),
                Map.entry("BANK_IDENTITY_ADDRESS_FAILURES_MAX", "9"),
                Map.entry("BANK_IDENTITY_ADDRESS_REGISTRATIONS_MAX", "2"),
                Map.entry("BANK_IDENTITY_SIGN_IN_PAUSE_MAX", "PT0.999S"),
                Map.entry("BANK_IDENTITY_KEY_ENCRYPTION_KEY", "dG9vIHNob3J0"),
                Map.entry("BANK_IDENTITY_ACCESS_TOKEN_LIFE", "PT59S"),
                Map.entry("BANK_IDENTITY_SESSION_TOTAL_MAX", "P29D"),
                Map.entry("BANK_IDENTITY_ADMIN_EMAIL", "nobody"),
                Map.entry("BANK_IDENTITY_HASHINGS_MAX", "0"),
                Map.entry("BANK_IDENTITY_PROXIES", "127.0.0.1,edge"),
                Map.entry("BANK_IDENTITY_CLIENTS_ABS_SECRET", "0123456789abcde"),
                Map.entry("BANK_IDENTITY_CLIENTS_ABS_SCOPES", "documents:read")));
        assertThatThrownBy(() -> IdentitySettings.of(config))
                .isInstanceOfSatisfying(
                        InvalidSettingsException.class,
                        e -> assertThat(e.problems())
                                .hasSize(12)
                                .allMatch(problem -> problem.startsWith("bank.identity."))
                                .noneMatch(problem -> problem.contains("dG9v") || problem.contains("0123")));
    }

    @Test
    void readsIssuersWithUsers() {
        var settings = IdentitySettings.of(config(Map.of(
                "BANK_IDENTITY_ISSUERS_STAFF_URL", "https://sso.example.com/realms/staff",
                "BANK_IDENTITY_ISSUERS_STAFF_AUDIENCE", "bank",
                "BANK_IDENTITY_ISSUERS_STAFF_ALGORITHMS", "RS256",
                "BANK_IDENTITY_ISSUERS_STAFF_TYPES", "JWT",
                "BANK_IDENTITY_ISSUERS_STAFF_ROLES_CLAIM", "realm_access.roles",
                "BANK_IDENTITY_ISSUERS_STAFF_ROLE_MAPPING", "it=staff=admin, Teller=employee")));

        assertThat(settings.issuers())
                .containsExactly(new UserIssuer(
                        "https://sso.example.com/realms/staff",
                        "bank",
                        "",
                        Set.of("RS256"),
                        Set.of("JWT"),
                        List.of("realm_access", "roles"),
                        Map.of("it=staff", Role.ADMIN, "Teller", Role.EMPLOYEE),
                        false));
    }

    @Test
    void listsEveryProblemOfIssuers() {
        var config = config(Map.of(
                "BANK_IDENTITY_ISSUERS_A_URL", "http://127.0.0.1:8080",
                "BANK_IDENTITY_ISSUERS_A_AUDIENCE", "bank",
                "BANK_IDENTITY_ISSUERS_A_KEYS", "http://sso.example.com/keys",
                "BANK_IDENTITY_ISSUERS_A_ALGORITHMS", "HS256",
                "BANK_IDENTITY_ISSUERS_A_ROLE_MAPPING", "teller=boss"));

        assertThatThrownBy(() -> IdentitySettings.of(config))
                .isInstanceOfSatisfying(
                        InvalidSettingsException.class,
                        e -> assertThat(e.problems())
                                .extracting(problem -> problem.replaceFirst(" must be .*", ""))
                                .containsExactlyInAnyOrder(
                                        "bank.identity.issuers.a.url",
                                        "bank.identity.issuers.a.keys",
                                        "bank.identity.issuers.a.algorithms",
                                        "bank.identity.issuers.a.role-mapping"));
    }

    private static IdentityConfig config(Map<String, String> more) {
        var environment = new HashMap<>(REQUIRED);
        environment.putAll(more);
        return Settings.fromEnvironment(IdentityConfig.class, environment);
    }
}
