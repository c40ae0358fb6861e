package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.v1.ActivityLogged;
import bank.v1.DeactivateUserRequest;
import bank.v1.Role;
import bank.v1.SetUserRoleRequest;
import io.grpc.Status.Code;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Those who watch the bank are told what users do, and nothing personal.
final class ActivityIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    private static RunningIdentity identity;
    private static EventTopics topics;
    private static People people;

    @BeforeAll
    static void start() {
        topics = new EventTopics(kafka.bootstrapServers(), kafka.prefix());
        identity = RunningIdentity.start(postgres.database(), Clock.systemUTC(), topics.settings());
        people = new People(identity);
    }

    @AfterAll
    static void stop() {
        identity.close();
        topics.close();
    }

    @Test
    void tellsOfRegistrationsSignInsAndRefusals() {
        var user = identity.registered();
        identity.login(user.getEmail(), RunningIdentity.PASSWORD);
        assertThatCall(() -> identity.login(user.getEmail(), "not the password"))
                .fails(Code.UNAUTHENTICATED, "BAD_CREDENTIALS");
        var subject = "user:" + user.getId();
        assertThat(told(subject, 3))
                .containsExactlyInAnyOrder("user.registered  ", "session.signed_in  ", "session.refused  ");
    }

    @Test
    void tellsOfRolesAndStatusesWithoutReasons() {
        var user = people.made(Role.ROLE_CLIENT);
        var users = identity.users(people.admin());
        users.setUserRole(SetUserRoleRequest.newBuilder()
                .setId(user.getId())
                .setRole(Role.ROLE_EMPLOYEE)
                .build());
        users.deactivateUser(DeactivateUserRequest.newBuilder()
                .setId(user.getId())
                .setReason("seen drunk")
                .build());
        var admin = "user:" + identity.initialAdmin().map(_ -> adminId()).orElseThrow();
        assertThat(told("user:" + user.getId(), 3))
                .containsExactlyInAnyOrder(
                        "user.created " + admin + " ",
                        "user.role_changed " + admin + " client to employee",
                        "user.status_changed " + admin + " active to blocked");
    }

    private static long adminId() {
        return identity.users(people.admin())
                .getMe(bank.v1.GetMeRequest.getDefaultInstance())
                .getUser()
                .getId();
    }

    /// Action, actor and detail of what is told of a subject.
    private static java.util.List<String> told(String subject, int count) {
        return topics
                .first(
                        count,
                        ActivityLogged.getDefaultInstance(),
                        event -> event.getSubject().equals(subject))
                .stream()
                .map(EventTopics.Read::payload)
                .map(event -> event.getAction() + " " + event.getActor() + " " + event.getDetail())
                .toList();
    }
}
