package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import bank.platform.grpc.Channels;
import bank.platform.grpc.Headers;
import bank.testing.Eventually;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.ActivateUserRequest;
import bank.v1.AddOrganizationMemberRequest;
import bank.v1.AuditServiceGrpc;
import bank.v1.ClientGrant;
import bank.v1.ClientType;
import bank.v1.CreateOAuthClientRequest;
import bank.v1.CreateOrganizationRequest;
import bank.v1.DeactivateUserRequest;
import bank.v1.DeleteOAuthClientRequest;
import bank.v1.ExternalIdentityServiceGrpc;
import bank.v1.ExternalIdentityServiceGrpc.ExternalIdentityServiceBlockingStub;
import bank.v1.GetUserRequest;
import bank.v1.LiftPauseRequest;
import bank.v1.LinkExternalIdentityRequest;
import bank.v1.OAuthClientServiceGrpc;
import bank.v1.Organization;
import bank.v1.OrganizationServiceGrpc;
import bank.v1.RemoveOrganizationMemberRequest;
import bank.v1.ReplayDeadLetterRequest;
import bank.v1.ResetPasswordRequest;
import bank.v1.RetryVerificationRequest;
import bank.v1.RevokeAllSessionsRequest;
import bank.v1.RevokeSessionRequest;
import bank.v1.Role;
import bank.v1.RotateOAuthClientSecretRequest;
import bank.v1.SessionServiceGrpc;
import bank.v1.SetUserRoleRequest;
import bank.v1.SignInServiceGrpc;
import bank.v1.UnlinkExternalIdentityRequest;
import bank.v1.UpdateOAuthClientRequest;
import bank.v1.UpdateOrganizationRequest;
import bank.v1.UpdateUserRequest;
import bank.v1.User;
import bank.v1.UserServiceGrpc;
import bank.v1.VerificationServiceGrpc;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.stub.MetadataUtils;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.text.ParseException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// An access token holds until its end, but by it nobody changes anything here for others, or for himself, once his
/// session has ended or his role was taken from him.
final class OutdatedCallersIT {
    private static final Duration WAIT_MAX = Duration.ofSeconds(30);

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static RunningIdentity identity;
    private static ManagedChannel channel;
    private static People people;
    private static User victim;
    private static Organization organization;

    /// Whatever staff changes in identity-service.
    private enum Deed {
        CREATE_USER,
        UPDATE_USER,
        SET_USER_ROLE,
        DEACTIVATE_USER,
        ACTIVATE_USER,
        RESET_PASSWORD,
        REVOKE_SESSION,
        REVOKE_ALL_SESSIONS,
        CREATE_ORGANIZATION,
        UPDATE_ORGANIZATION,
        ADD_ORGANIZATION_MEMBER,
        REMOVE_ORGANIZATION_MEMBER,
        CREATE_OAUTH_CLIENT,
        UPDATE_OAUTH_CLIENT,
        DELETE_OAUTH_CLIENT,
        ROTATE_OAUTH_CLIENT_SECRET,
        LINK_EXTERNAL_IDENTITY,
        UNLINK_EXTERNAL_IDENTITY,
        LIFT_PAUSE,
        RETRY_VERIFICATION,
        REPLAY_DEAD_LETTER;

        /// Does it, by the token and in favour of a user as far as it can.
        Object of(String token, User self) {
            var users = identity.users(token);
            var organizations = identity.organizations(token);
            var clients = identity.clients(token);
            return switch (this) {
                case CREATE_USER ->
                    users.createUser(People.enrolment().setRole(Role.ROLE_ADMIN).build());
                case UPDATE_USER ->
                    users.updateUser(UpdateUserRequest.newBuilder()
                            .setId(victim.getId())
                            .setFirstName("Иван")
                            .build());
                case SET_USER_ROLE ->
                    users.setUserRole(SetUserRoleRequest.newBuilder()
                            .setId(self.getId())
                            .setRole(Role.ROLE_ADMIN)
                            .build());
                case DEACTIVATE_USER ->
                    users.deactivateUser(DeactivateUserRequest.newBuilder()
                            .setId(victim.getId())
                            .setReason("Месть")
                            .build());
                case ACTIVATE_USER ->
                    users.activateUser(
                            ActivateUserRequest.newBuilder().setId(self.getId()).build());
                case RESET_PASSWORD ->
                    users.resetPassword(ResetPasswordRequest.newBuilder()
                            .setId(victim.getId())
                            .setPassword("другой конь 7")
                            .build());
                case REVOKE_SESSION ->
                    identity.sessions(token)
                            .revokeSession(RevokeSessionRequest.newBuilder()
                                    .setUserId(victim.getId())
                                    .setSessionId(UUID.randomUUID().toString())
                                    .build());
                case REVOKE_ALL_SESSIONS ->
                    identity.sessions(token)
                            .revokeAllSessions(RevokeAllSessionsRequest.newBuilder()
                                    .setUserId(victim.getId())
                                    .build());
                case CREATE_ORGANIZATION ->
                    organizations.createOrganization(CreateOrganizationRequest.newBuilder()
                            .setName("ООО «Рога и копыта»")
                            .setParentId(organization.getId())
                            .build());
                case UPDATE_ORGANIZATION ->
                    organizations.updateOrganization(UpdateOrganizationRequest.newBuilder()
                            .setId(organization.getId())
                            .setName("ООО «Лютик»")
                            .build());
                case ADD_ORGANIZATION_MEMBER ->
                    organizations.addOrganizationMember(AddOrganizationMemberRequest.newBuilder()
                            .setOrganizationId(organization.getId())
                            .setUserId(self.getId())
                            .setAdmin(true)
                            .build());
                case REMOVE_ORGANIZATION_MEMBER ->
                    organizations.removeOrganizationMember(RemoveOrganizationMemberRequest.newBuilder()
                            .setOrganizationId(organization.getId())
                            .setUserId(victim.getId())
                            .build());
                case CREATE_OAUTH_CLIENT -> clients.createOAuthClient(OutdatedCallersIT.client("outdated-callers"));
                case UPDATE_OAUTH_CLIENT ->
                    clients.updateOAuthClient(UpdateOAuthClientRequest.newBuilder()
                            .setId("no-client")
                            .setName("Other")
                            .build());
                case DELETE_OAUTH_CLIENT ->
                    clients.deleteOAuthClient(DeleteOAuthClientRequest.newBuilder()
                            .setId("no-client")
                            .build());
                case ROTATE_OAUTH_CLIENT_SECRET ->
                    clients.rotateOAuthClientSecret(RotateOAuthClientSecretRequest.newBuilder()
                            .setId("no-client")
                            .build());
                case LINK_EXTERNAL_IDENTITY ->
                    identities(token)
                            .linkExternalIdentity(LinkExternalIdentityRequest.newBuilder()
                                    .setUserId(self.getId())
                                    .setIssuer("https://sso.test")
                                    .setSubject("me")
                                    .build());
                case UNLINK_EXTERNAL_IDENTITY ->
                    identities(token)
                            .unlinkExternalIdentity(UnlinkExternalIdentityRequest.newBuilder()
                                    .setId(1_000_000)
                                    .build());
                case LIFT_PAUSE ->
                    identity.signIns(token)
                            .liftPause(LiftPauseRequest.newBuilder()
                                    .setUserId(self.getId())
                                    .build());
                case RETRY_VERIFICATION ->
                    identity.verifications(token)
                            .retryVerification(RetryVerificationRequest.newBuilder()
                                    .setUserId(1_000_000)
                                    .build());
                case REPLAY_DEAD_LETTER ->
                    identity.verifications(token)
                            .replayDeadLetter(ReplayDeadLetterRequest.newBuilder()
                                    .setUserId(1_000_000)
                                    .build());
            };
        }

        /// As the contract calls it.
        String rpc() {
            return name().replace("_", "").toLowerCase(Locale.ROOT);
        }
    }

    /// What takes from somebody what his token says of him.
    private enum End {
        BLOCK,
        DEMOTION,
        END_OF_SESSION,
        ROLE_TAKEN_ALONE;

        void of(User user) throws Exception {
            switch (this) {
                case BLOCK ->
                    identity.users(people.admin())
                            .deactivateUser(DeactivateUserRequest.newBuilder()
                                    .setId(user.getId())
                                    .setReason("Уволен")
                                    .build());
                case DEMOTION ->
                    identity.users(people.admin())
                            .setUserRole(SetUserRoleRequest.newBuilder()
                                    .setId(user.getId())
                                    .setRole(Role.ROLE_CLIENT)
                                    .build());
                case END_OF_SESSION ->
                    identity.sessions(people.admin())
                            .revokeAllSessions(RevokeAllSessionsRequest.newBuilder()
                                    .setUserId(user.getId())
                                    .build());
                // As when another issuer gives him less, and the sessions by it go on.
                case ROLE_TAKEN_ALONE ->
                    Sql.update(
                            postgres.database(), "UPDATE bank_user SET role = 'EMPLOYEE' WHERE id = " + user.getId());
            }
        }
    }

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(
                postgres.database(),
                new TestClock(),
                Map.of(
                        "bank.identity.issuers.sso.url", "https://sso.test",
                        "bank.identity.issuers.sso.audience", "bank",
                        "bank.identity.issuers.sso.role-mapping", "teller=employee"));
        channel = Channels.open("127.0.0.1:" + identity.server().port());
        people = new People(identity);
        victim = people.made(Role.ROLE_CLIENT);
        organization = people.organization();
        people.joined(victim, organization, true);
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        identity.close();
    }

    private static ExternalIdentityServiceBlockingStub identities(String token) {
        var headers = new Metadata();
        headers.put(Headers.key(Headers.AUTHORIZATION), "Bearer " + token);
        return ExternalIdentityServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static CreateOAuthClientRequest client(String id) {
        return CreateOAuthClientRequest.newBuilder()
                .setId(id)
                .setName("Client")
                .setType(ClientType.CLIENT_TYPE_SECRET)
                .addGrants(ClientGrant.CLIENT_GRANT_CLIENT_CREDENTIALS)
                .addScopes("users:write")
                .addScopes("users:read")
                .build();
    }

    @Test
    void everyMutationOfStaffIsTried() {
        assertThat(Stream.of(
                                UserServiceGrpc.getServiceDescriptor(),
                                SessionServiceGrpc.getServiceDescriptor(),
                                OrganizationServiceGrpc.getServiceDescriptor(),
                                OAuthClientServiceGrpc.getServiceDescriptor(),
                                ExternalIdentityServiceGrpc.getServiceDescriptor(),
                                SignInServiceGrpc.getServiceDescriptor(),
                                VerificationServiceGrpc.getServiceDescriptor(),
                                AuditServiceGrpc.getServiceDescriptor())
                        .flatMap(service -> service.getMethods().stream())
                        .map(method ->
                                ((ProtoMethodDescriptorSupplier) method.getSchemaDescriptor()).getMethodDescriptor())
                        .filter(method -> !method.getOptions().hasIdempotencyLevel())
                        .map(method -> method.getName().toLowerCase(Locale.ROOT)))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Deed.values()).map(Deed::rpc).toList());
    }

    @ParameterizedTest
    @EnumSource
    void administratorsChangeNothingAnyMore(End end) throws Exception {
        var admin = people.made(Role.ROLE_ADMIN);
        var token = people.token(admin);
        for (var deed : Deed.values()) {
            var failure = catchThrowable(() -> deed.of(token, admin));
            assertThat(failure == null ? "NONE" : Reasons.of(failure))
                    .as("%s", deed)
                    .isIn("NONE", "NOT_FOUND", "DEAD_LETTER_NOT_FOUND");
            // What would be in the way of the next.
            if (deed == Deed.DEACTIVATE_USER) {
                identity.users(people.admin())
                        .activateUser(ActivateUserRequest.newBuilder()
                                .setId(victim.getId())
                                .build());
            }
        }
        undo(admin);

        end.of(admin);

        for (var deed : Deed.values()) {
            assertThatCall(() -> deed.of(token, admin)).fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
        }
    }

    /// Takes back what can be done once only.
    private static void undo(User admin) throws Exception {
        Sql.update(postgres.database(), "DELETE FROM oauth_client WHERE id = 'outdated-callers'");
        Sql.update(postgres.database(), "DELETE FROM external_identity WHERE user_id = " + admin.getId());
        people.joined(victim, organization, true);
    }

    @ParameterizedTest
    @EnumSource(names = "ROLE_TAKEN_ALONE", mode = EnumSource.Mode.EXCLUDE)
    void employeesAndAdministratorsOfOrganisationsChangeNothingAnyMore(End end) throws Exception {
        var employee = people.made(Role.ROLE_EMPLOYEE);
        var administrator = people.administrator(organization);
        for (var user : List.of(employee, administrator)) {
            var token = people.token(user);
            Deed.UPDATE_ORGANIZATION.of(token, user);
            end.of(user);
            if (end == End.DEMOTION && user == administrator) {
                // He was a client before: nothing was taken.
                continue;
            }
            for (var deed : List.of(
                    Deed.UPDATE_ORGANIZATION,
                    Deed.CREATE_ORGANIZATION,
                    Deed.ADD_ORGANIZATION_MEMBER,
                    Deed.REMOVE_ORGANIZATION_MEMBER,
                    Deed.DEACTIVATE_USER,
                    Deed.UPDATE_USER)) {
                assertThatCall(() -> deed.of(token, user)).fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
            }
            assertThatCall(() -> people.made(token, organization.getId())).fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
        }
    }

    @Test
    void machinesChangeNothingOnceTheirClientIsNarrowedOrDeleted() {
        var clients = identity.clients(people.admin());
        var made = clients.createOAuthClient(client("lifting"));
        var token = OAuthForm.post(
                        identity.oauth(),
                        "lifting",
                        made.getSecret(),
                        "grant_type=client_credentials&scope=users:write")
                .get("access_token");
        var deeds = List.of(Deed.LIFT_PAUSE, Deed.UNLINK_EXTERNAL_IDENTITY);
        Deed.LIFT_PAUSE.of(token, victim);

        clients.updateOAuthClient(UpdateOAuthClientRequest.newBuilder()
                .setId("lifting")
                .addScopes("users:read")
                .build());
        for (var deed : deeds) {
            assertThatCall(() -> deed.of(token, victim)).fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
        }
        clients.updateOAuthClient(UpdateOAuthClientRequest.newBuilder()
                .setId("lifting")
                .addScopes("users:write")
                .build());
        Deed.LIFT_PAUSE.of(token, victim);
        clients.deleteOAuthClient(
                DeleteOAuthClientRequest.newBuilder().setId("lifting").build());
        for (var deed : deeds) {
            assertThatCall(() -> deed.of(token, victim)).fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
        }
    }

    @Test
    void theTokenOfASessionThatEndedEndsThatAlone() throws Exception {
        var user = people.made(Role.ROLE_CLIENT);
        var stolen = people.token(user);
        var owner = people.token(user);
        var session = session(stolen);
        identity.sessions(owner)
                .revokeSession(
                        RevokeSessionRequest.newBuilder().setSessionId(session).build());

        var thief = identity.sessions(stolen);
        assertThatCall(() -> thief.revokeAllSessions(RevokeAllSessionsRequest.getDefaultInstance()))
                .fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
        assertThatCall(() -> thief.revokeAllSessions(RevokeAllSessionsRequest.newBuilder()
                        .setKeepCurrent(true)
                        .build()))
                .fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
        assertThatCall(() -> thief.revokeSession(RevokeSessionRequest.newBuilder()
                        .setSessionId(session(owner))
                        .build()))
                .fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
        assertThat(thief.revokeSession(
                        RevokeSessionRequest.newBuilder().setSessionId(session).build()))
                .as("repeated")
                .isNotNull();
        assertThat(identity.sessions(owner).revokeAllSessions(RevokeAllSessionsRequest.getDefaultInstance()))
                .isNotNull();
    }

    private static String session(String token) throws ParseException {
        return SignedJWT.parse(token).getJWTClaimsSet().getStringClaim("sid");
    }

    /// One who waits while he ceases to administer an organisation changes nothing in it.
    @ParameterizedTest
    @EnumSource(names = {"UPDATE_ORGANIZATION", "REMOVE_ORGANIZATION_MEMBER", "ADD_ORGANIZATION_MEMBER"})
    void anOrganisationTakenMeanwhileIsNotChanged(Deed deed) throws Exception {
        people.joined(victim, organization, true);
        var administrator = people.administrator(organization);
        var token = people.token(administrator);
        var database = postgres.database();
        try (var connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute("SELECT 1 FROM organization WHERE id = " + organization.getId() + " FOR UPDATE");
                statement.executeUpdate(
                        "UPDATE organization_member SET admin = false WHERE user_id = " + administrator.getId());
            }
            var waiting = threads.submit(() -> catchThrowable(() -> deed.of(token, administrator)));
            Eventually.holds("the change waits", WAIT_MAX, () -> waiting() == 1);
            connection.commit();
            assertThat(Reasons.of(waiting.get())).isEqualTo("NOT_ORGANIZATION_ADMIN");
        }
    }

    /// One who waits for what takes his role, and then goes on, does not undo it.
    @Test
    void aRoleTakenMeanwhileIsNotGivenBack() throws Exception {
        var admin = people.made(Role.ROLE_ADMIN);
        var token = people.token(admin);
        var database = postgres.database();
        try (var connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE bank_user SET role = 'CLIENT', sign_in_epoch = sign_in_epoch + 1"
                        + " WHERE id = " + admin.getId());
                statement.executeUpdate("UPDATE session SET ended_at = now() WHERE user_id = " + admin.getId());
            }
            var waiting = threads.submit(() -> catchThrowable(() -> Deed.SET_USER_ROLE.of(token, admin)));
            Eventually.holds("the change waits", WAIT_MAX, () -> waiting() == 1);
            connection.commit();
            assertThat(Reasons.of(waiting.get())).isEqualTo("TOKEN_INVALID");
        }
        assertThat(identity.users(people.admin())
                        .getUser(
                                GetUserRequest.newBuilder().setId(admin.getId()).build())
                        .getRole())
                .isEqualTo(Role.ROLE_CLIENT);
    }

    private static int waiting() throws SQLException {
        return Sql.read(postgres.database(), """
                        SELECT pid FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock'""").size();
    }
}
