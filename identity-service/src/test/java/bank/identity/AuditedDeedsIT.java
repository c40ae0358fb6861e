package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Channels;
import bank.platform.grpc.Headers;
import bank.testing.PostgresExtension;
import bank.testing.TestRealm;
import bank.v1.AddOrganizationMemberRequest;
import bank.v1.ExternalIdentityServiceGrpc;
import bank.v1.ExternalIdentityServiceGrpc.ExternalIdentityServiceBlockingStub;
import bank.v1.GetMeRequest;
import bank.v1.LinkExternalIdentityRequest;
import bank.v1.RevokeAllSessionsRequest;
import bank.v1.Role;
import bank.v1.UnlinkExternalIdentityRequest;
import bank.v1.UpdateOrganizationRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is done to accounts, organisations and keys stands in the audit log: by whom, to whom, and what it was.
final class AuditedDeedsIT {
    private static final String SECRET = "edge-secret-of-16";

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TestRealm realm = new TestRealm();
    private static final Map<String, String> SETTINGS = Map.of(
            "bank.identity.clients.edge.secret", SECRET,
            "bank.identity.clients.edge.scopes", "tokens:exchange",
            "bank.identity.issuers.realm.url", realm.url(),
            "bank.identity.issuers.realm.audience", TestRealm.AUDIENCE,
            "bank.identity.issuers.realm.algorithms", "RS256",
            "bank.identity.issuers.realm.types", "JWT",
            "bank.identity.issuers.realm.roles-claim", "realm_access.roles",
            "bank.identity.issuers.realm.role-mapping", "customer=client,teller=employee",
            "bank.identity.issuers.realm.provision", "true");
    private static RunningIdentity identity;
    private static ManagedChannel channel;
    private static People people;
    private static String admin;

    /// A row as it must be.
    ///
    /// @param subject where it ends in `…`, its beginning
    private record Row(String actor, String subject, String detail) {}

    private enum Deed {
        SESSIONS_ENDED,
        ROLE_FOLLOWED,
        ORGANIZATION_MEMBER_SET,
        ORGANIZATION_UPDATED,
        USER_CREATED,
        EMAIL_TAKEN,
        CLIENT_SIGNED_IN,
        IDENTITY_UNLINKED,
        ADMIN_PASSWORD_SET,
        SIGNING_KEY_WITHDRAWN;

        Row done() {
            return switch (this) {
                case SESSIONS_ENDED -> {
                    var user = people.made(Role.ROLE_CLIENT);
                    identity.sessions(people.admin())
                            .revokeAllSessions(RevokeAllSessionsRequest.newBuilder()
                                    .setUserId(user.getId())
                                    .build());
                    yield new Row(admin, "user:" + user.getId(), "all");
                }
                case ROLE_FOLLOWED -> {
                    exchanged("customer");
                    var user = identity.users(exchanged("teller"))
                            .getMe(GetMeRequest.getDefaultInstance())
                            .getUser();
                    yield new Row("anonymous", "user:" + user.getId(), "CLIENT to EMPLOYEE, issuer " + realm.url());
                }
                case ORGANIZATION_MEMBER_SET -> {
                    var organization = people.organization();
                    var user = people.made(Role.ROLE_CLIENT);
                    identity.organizations(people.admin())
                            .addOrganizationMember(AddOrganizationMemberRequest.newBuilder()
                                    .setOrganizationId(organization.getId())
                                    .setUserId(user.getId())
                                    .setAdmin(true)
                                    .build());
                    yield new Row(
                            admin, "organization:" + organization.getId(), "user:" + user.getId() + ", administers it");
                }
                case ORGANIZATION_UPDATED -> {
                    var organization = people.organization();
                    identity.organizations(people.admin())
                            .updateOrganization(UpdateOrganizationRequest.newBuilder()
                                    .setId(organization.getId())
                                    .setName("ООО «Лютик»")
                                    .build());
                    yield new Row(admin, "organization:" + organization.getId(), "name");
                }
                case USER_CREATED -> {
                    var organization = people.organization();
                    var administrator = people.administrator(organization);
                    var user = people.made(people.token(administrator), organization.getId());
                    yield new Row(
                            "user:" + administrator.getId(),
                            "user:" + user.getId(),
                            "client, of organisation " + organization.getId());
                }
                case EMAIL_TAKEN -> {
                    var user = people.made(Role.ROLE_CLIENT);
                    assertThatCall(() -> identity.users(people.admin())
                                    .createUser(People.enrolment()
                                            .setEmail(user.getEmail())
                                            .build()))
                            .fails(Code.ALREADY_EXISTS, "EMAIL_TAKEN");
                    yield new Row(admin, "user:" + user.getId(), "");
                }
                case CLIENT_SIGNED_IN -> {
                    assertThat(OAuthForm.post(identity.oauth(), "edge", SECRET, "grant_type=client_credentials")
                                    .status())
                            .isEqualTo(200);
                    yield new Row("client:edge", "client:edge", "scopes [tokens:exchange]");
                }
                case IDENTITY_UNLINKED -> {
                    var user = people.made(Role.ROLE_CLIENT);
                    var linked = identities()
                            .linkExternalIdentity(LinkExternalIdentityRequest.newBuilder()
                                    .setUserId(user.getId())
                                    .setIssuer(realm.url())
                                    .setSubject("subject-9")
                                    .build());
                    var _ = identities()
                            .unlinkExternalIdentity(UnlinkExternalIdentityRequest.newBuilder()
                                    .setId(linked.getId())
                                    .build());
                    yield new Row(admin, "user:" + user.getId(), realm.url() + " subject-9");
                }
                // By the start.
                case ADMIN_PASSWORD_SET -> new Row("system", admin, "made");
                case SIGNING_KEY_WITHDRAWN -> {
                    var nowhere = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
                    assertThat(Maintenance.run(
                                    new Command.RotateKeys(true),
                                    () -> RunningIdentity.config(postgres.database(), SETTINGS),
                                    Clock.systemUTC(),
                                    nowhere,
                                    nowhere))
                            .isZero();
                    yield new Row("operator", "key:…", "");
                }
            };
        }
    }

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(postgres.database(), Clock.systemUTC(), SETTINGS);
        channel = Channels.open("127.0.0.1:" + identity.server().port());
        people = new People(identity);
        admin = "user:"
                + identity.users(people.admin())
                        .getMe(GetMeRequest.getDefaultInstance())
                        .getUser()
                        .getId();
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        identity.close();
        realm.close();
    }

    private static ExternalIdentityServiceBlockingStub identities() {
        return RunningIdentity.with(
                ExternalIdentityServiceGrpc.newBlockingStub(channel),
                Headers.AUTHORIZATION,
                "Bearer " + people.admin());
    }

    private static String exchanged(String role) {
        var token = realm.signed(realm.claims("subject-8", "session-8", Instant.now(), role));
        var answer = OAuthForm.post(
                identity.oauth(),
                "edge",
                SECRET,
                "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token="
                        + URLEncoder.encode(token, UTF_8)
                        + "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.get("access_token");
    }

    /// The withdrawal of keys comes last, for it ends the tokens of the others.
    @ParameterizedTest
    @EnumSource
    void standInTheLog(Deed deed) throws Exception {
        var row = deed.done();
        var found = Sql.read(
                postgres.database(),
                "SELECT actor || '|' || subject || '|' || detail FROM audit_event WHERE type = '" + deed
                        + "' ORDER BY number DESC LIMIT 1");
        var wanted = row.actor() + "|" + row.subject() + "|" + row.detail();
        assertThat(found).hasSize(1);
        if (row.subject().endsWith("…")) {
            assertThat(found.getFirst()).startsWith(wanted.substring(0, wanted.indexOf('…')));
        } else {
            assertThat(found).isEqualTo(List.of(wanted));
        }
    }
}
