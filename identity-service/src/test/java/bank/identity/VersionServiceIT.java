package bank.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.ApiVersion;
import bank.v1.ApiVersionState;
import bank.v1.ListApiVersionsRequest;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class VersionServiceIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static List<ApiVersion> versions(RunningIdentity identity) {
        return identity.versions()
                .listApiVersions(ListApiVersionsRequest.getDefaultInstance())
                .getVersionsList();
    }

    @Test
    void tellsOfVersionsByAgeAndOfTheirStateByDate() throws SQLException {
        var clock = new TestClock(Instant.parse("2026-11-21T10:00:00Z"));
        try (var identity = RunningIdentity.start(postgres.database(), clock, Map.of())) {
            assertThat(versions(identity))
                    .containsExactly(ApiVersion.newBuilder()
                            .setVersion("v1")
                            .setState(ApiVersionState.API_VERSION_STATE_ACTIVE)
                            .build());

            Sql.update(postgres.database(), "INSERT INTO api_version (version) VALUES ('v10'), ('v2')");
            Sql.update(postgres.database(), """
                    UPDATE api_version SET deprecated_at = '2026-11-21T11:00:00Z', sunset_at = '2027-01-01T00:00:00Z',
                        info_url = 'https://bank.example/v2'
                    WHERE version = 'v1'""");
            assertThat(versions(identity)).extracting(ApiVersion::getVersion).containsExactly("v1", "v2", "v10");
            assertThat(versions(identity).getFirst().getState()).isEqualTo(ApiVersionState.API_VERSION_STATE_ACTIVE);

            clock.advance(Duration.ofHours(1));
            var deprecated = versions(identity).getFirst();
            assertThat(deprecated.getState()).isEqualTo(ApiVersionState.API_VERSION_STATE_DEPRECATED);
            assertThat(deprecated.getDeprecatedAt().getSeconds()).isEqualTo(1_795_258_800L);
            assertThat(deprecated.getInfoUrl()).isEqualTo("https://bank.example/v2");

            clock.advance(Duration.ofDays(41));
            assertThat(versions(identity).getFirst().getState()).isEqualTo(ApiVersionState.API_VERSION_STATE_SUNSET);

            assertThatThrownBy(() -> Sql.update(
                            postgres.database(), "UPDATE api_version SET sunset_at = now() WHERE version = 'v2'"))
                    .as("a version ends only after it was deprecated")
                    .isInstanceOf(SQLException.class);
        }
    }
}
