package bank.identity;

import static bank.identity.OAuthForm.introspect;
import static bank.identity.OAuthForm.post;
import static bank.identity.TestBrowser.CALLBACK;
import static bank.identity.TestBrowser.VERIFIER;
import static bank.identity.TestBrowser.encoded;
import static bank.identity.TestBrowser.query;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.PostgresExtension;
import bank.v1.RemoveOrganizationMemberRequest;
import bank.v1.Role;
import bank.v1.User;
import com.nimbusds.jwt.SignedJWT;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Access tokens tell the organisations their user belongs to, where the client may know them.
final class TokenOrganizationsIT {
    private static final String SECRET = "a-secret-of-the-settings";

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static RunningIdentity identity;
    private static People people;
    private User user;

    @BeforeAll
    static void start() throws Exception {
        identity = RunningIdentity.start(
                postgres.database(),
                Clock.systemUTC(),
                Map.of(
                        "bank.identity.clients.gateway.secret",
                        SECRET,
                        "bank.identity.clients.gateway.scopes",
                        "tokens:introspect"));
        people = new People(identity);
        Sql.update(postgres.database(), """
                INSERT INTO oauth_client (id, name, scopes, grants, redirect_uris) VALUES ('budget-app', 'Budget',
                    '{documents:read}', '{AUTHORIZATION_CODE,REFRESH_TOKEN}', '{http://127.0.0.1/callback}')""");
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @BeforeEach
    void make() {
        user = people.made(Role.ROLE_CLIENT);
    }

    private static Object organizations(String token) throws Exception {
        return SignedJWT.parse(token).getJWTClaimsSet().getClaim("org");
    }

    @Test
    void inAscendingOrderAndNothingOfThoseAboveAndBelow() throws Exception {
        var top = people.organization();
        var middle = people.below(top);
        var below = people.below(middle);
        var other = people.organization();
        people.joined(user, other, false);
        people.joined(user, middle, true);

        assertThat(organizations(people.token(user))).isEqualTo(List.of(middle.getId(), other.getId()));
        assertThat(below.getId()).isNotEqualTo(other.getId());
    }

    @Test
    void nothingWhereThereAreNone() throws Exception {
        assertThat(SignedJWT.parse(people.token(user)).getJWTClaimsSet().getClaims())
                .doesNotContainKey("org");
    }

    @Test
    void asTheyAreWhenTheTokenIsRefreshed() throws Exception {
        var organization = people.organization();
        var tokens = people.signedIn(user);
        people.joined(user, organization, false);
        var joined = people.refreshed(tokens);
        assertThat(organizations(joined.getAccessToken())).isEqualTo(List.of(organization.getId()));

        assertThat(identity.organizations(people.admin())
                        .removeOrganizationMember(RemoveOrganizationMemberRequest.newBuilder()
                                .setOrganizationId(organization.getId())
                                .setUserId(user.getId())
                                .build()))
                .isNotNull();
        assertThat(organizations(people.refreshed(joined).getAccessToken())).isNull();
    }

    @Test
    void introspectionTellsThem() {
        var organization = people.organization();
        people.joined(user, organization, false);

        assertThat(introspect(identity.oauth(), "gateway", SECRET, people.token(user))
                        .json())
                .containsEntry("active", true)
                .containsEntry("org", List.of(organization.getId()));
    }

    @Test
    void clientsThatAreNotTheBanksOwnAreToldOfNone() throws Exception {
        people.joined(user, people.organization(), false);
        var browser = new TestBrowser(identity);
        var answer = browser.signIn(
                browser.open(query("budget-app", "documents:read")), user.getEmail(), RunningIdentity.PASSWORD);
        var tokens = post(
                identity.oauth(),
                "grant_type=authorization_code&client_id=budget-app&code="
                        + TestBrowser.code(browser.decide(answer, "allow")) + "&redirect_uri=" + encoded(CALLBACK)
                        + "&code_verifier=" + VERIFIER);
        assertThat(organizations(tokens.get("access_token"))).isNull();
        var refreshed = post(
                identity.oauth(),
                "grant_type=refresh_token&client_id=budget-app&refresh_token=" + tokens.get("refresh_token"));
        assertThat(organizations(refreshed.get("access_token"))).isNull();
    }
}
