package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Headers;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.CreateUserRequest;
import bank.v1.LiftPauseRequest;
import bank.v1.LoginRequest;
import bank.v1.Organization;
import bank.v1.Role;
import bank.v1.User;
import bank.v1.UserServiceGrpc.UserServiceBlockingStub;
import io.grpc.Status.Code;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Whoever administers an organisation makes users of it, but neither as many as he likes nor to learn who has an
/// account, and nobody waits for him.
final class EnrolmentThrottleIT {
    private static final int ADDRESS_MAX = 3;
    /// Before the first pause.
    private static final int FREE = 5 * ADDRESS_MAX;

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static RunningIdentity identity;
    private static People people;

    private Organization organization;
    private User administrator;
    private UserServiceBlockingStub users;

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(
                postgres.database(),
                new TestClock(),
                Map.of("bank.identity.address-registrations-max", Integer.toString(ADDRESS_MAX)));
        people = new People(identity);
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @BeforeEach
    void signIn() {
        organization = people.organization();
        administrator = people.administrator(organization);
        users = identity.users(people.token(administrator));
    }

    private CreateUserRequest enrolment(String email) {
        return People.enrolment()
                .setOrganizationId(organization.getId())
                .setEmail(email)
                .build();
    }

    private List<String> audited(String type) throws Exception {
        return Sql.read(
                postgres.database(),
                "SELECT subject || ' ' || detail FROM audit_event WHERE type = '%s' AND actor = 'user:%d' ORDER BY number"
                        .formatted(type, administrator.getId()));
    }

    @Test
    void pausesWhateverComesOfThemDryRunsToo() throws Exception {
        var taken = people.made(Role.ROLE_CLIENT);
        var probe = enrolment(taken.getEmail());
        var dry = RunningIdentity.with(users, Headers.VALIDATE_ONLY, "true");
        for (var i = 0; i < FREE; i++) {
            var by = i % 2 == 0 ? dry : users;
            assertThatCall(() -> by.createUser(probe)).fails(Code.ALREADY_EXISTS, "EMAIL_TAKEN");
        }
        assertThatCall(() -> dry.createUser(probe)).fails(Code.RESOURCE_EXHAUSTED, "REGISTRATION_PAUSED");
        assertThatCall(() -> users.createUser(enrolment("free@example.org")))
                .fails(Code.RESOURCE_EXHAUSTED, "REGISTRATION_PAUSED");

        assertThat(audited("EMAIL_TAKEN")).hasSize(FREE).containsOnly("user:" + taken.getId() + " ");
        assertThat(audited("REGISTRATION_PAUSED"))
                .singleElement()
                .asString()
                .startsWith("user:" + administrator.getId() + " " + FREE + " registrations, until ");
        identity.signIns(people.admin())
                .liftPause(LiftPauseRequest.newBuilder()
                        .setUserId(administrator.getId())
                        .build());
        assertThat(users.createUser(enrolment("free@example.org")).getId()).isPositive();
    }

    @Test
    void concernsNobodyElse() {
        for (var i = 0; i < FREE; i++) {
            people.made(Role.ROLE_CLIENT);
        }
        var employee = people.token(Role.ROLE_EMPLOYEE);
        for (var i = 0; i <= FREE; i++) {
            people.made(employee, organization.getId());
        }
        var other = people.token(people.administrator(organization));
        for (var i = 0; i < FREE; i++) {
            users.createUser(enrolment(i + "-of-" + administrator.getId() + "@example.org"));
        }
        assertThatCall(() -> users.createUser(enrolment("last@example.org")))
                .fails(Code.RESOURCE_EXHAUSTED, "REGISTRATION_PAUSED");
        assertThat(people.made(other, organization.getId()).getId()).isPositive();
    }

    @Test
    void nobodyWaitsForThemWhoSignsIn() throws Exception {
        var user = people.made(Role.ROLE_CLIENT);
        // Whoever floods is answered before the service stops.
        try (var slow = RunningIdentity.start(
                        postgres.database(), new TestClock(), Map.of("bank.identity.hashings-max", "1"));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var token = slow.login(administrator.getEmail(), RunningIdentity.PASSWORD)
                    .getAccessToken();
            var flood = RunningIdentity.with(slow.users(token), Headers.VALIDATE_ONLY, "true");
            for (var i = 0; i < 300; i++) {
                var enrolment = enrolment(i + "@flood.example.org");
                threads.submit(() -> Reasons.together(List.of(() -> flood.createUser(enrolment))));
            }
            assertThat(slow.auth()
                            .withDeadlineAfter(20, TimeUnit.SECONDS)
                            .login(LoginRequest.newBuilder()
                                    .setEmail(user.getEmail())
                                    .setPassword(RunningIdentity.PASSWORD)
                                    .build())
                            .getAccessToken())
                    .isNotEmpty();
        }
    }
}
