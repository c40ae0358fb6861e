package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Headers;
import bank.platform.idempotency.Repeat;
import bank.testing.PostgresExtension;
import bank.v1.ActivateUserRequest;
import bank.v1.DeactivateUserRequest;
import bank.v1.FinancialPosition;
import bank.v1.GetMeRequest;
import bank.v1.GetUserRequest;
import bank.v1.ListUsersRequest;
import bank.v1.Role;
import bank.v1.SetUserRoleRequest;
import bank.v1.Sex;
import bank.v1.UpdateUserRequest;
import bank.v1.User;
import bank.v1.UserServiceGrpc.UserServiceBlockingStub;
import bank.v1.UserStatus;
import com.google.protobuf.FieldMask;
import com.google.type.Date;
import io.grpc.Status.Code;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UserAdministrationIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static RunningIdentity identity;
    private static People people;

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(postgres.database(), Clock.systemUTC(), Map.of());
        people = new People(identity);
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ROLE_ADMIN, ROLE_ADMIN, true",
        "ROLE_ADMIN, ROLE_EMPLOYEE, true",
        "ROLE_ADMIN, ROLE_CLIENT, true",
        "ROLE_EMPLOYEE, ROLE_CLIENT, true",
        "ROLE_EMPLOYEE, ROLE_EMPLOYEE, false",
        "ROLE_EMPLOYEE, ROLE_ADMIN, false",
        "ROLE_CLIENT, ROLE_EMPLOYEE, false",
    })
    void rolesAreGivenByThoseWhoMay(Role maker, Role role, boolean may) {
        var users = identity.users(people.token(maker));
        var request = People.enrolment().setRole(role).build();
        if (may) {
            var made = users.createUser(request);
            assertThat(made.getRole()).isEqualTo(role);
            assertThat(people.token(made)).isNotEmpty();
        } else {
            assertThatCall(() -> users.createUser(request)).fails(Code.PERMISSION_DENIED, "USER_FORBIDDEN");
        }
    }

    @Test
    void clientMakesNobodyWithoutAnOrganisation() {
        assertThatCall(() -> identity.users(people.token(Role.ROLE_CLIENT))
                        .createUser(People.enrolment().build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("organization_id");
    }

    @Test
    void refusesWeakPasswordsTakenEmailsAndBirthdaysToCome() {
        var users = identity.users(people.admin());
        assertThatCall(() -> users.createUser(
                        People.enrolment().setPassword("password123").build()))
                .fails(Code.INVALID_ARGUMENT, "WEAK_PASSWORD");
        var taken = people.made(Role.ROLE_CLIENT);
        assertThatCall(() -> users.createUser(
                        People.enrolment().setEmail(taken.getEmail()).build()))
                .fails(Code.ALREADY_EXISTS, "EMAIL_TAKEN");
        assertThatCall(() -> users.createUser(People.enrolment()
                        .setBirthday(Date.newBuilder().setYear(2200).setMonth(1).setDay(1))
                        .build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("birthday");
    }

    @Test
    void repeatedCreationIsOneUserAndKeepsNoHashOfThePasswordAlone() throws SQLException {
        var key = UUID.randomUUID().toString();
        var users = RunningIdentity.with(identity.users(people.admin()), Headers.IDEMPOTENCY_KEY, key);
        var request = People.enrolment().build();
        var made = users.createUser(request);
        assertThat(users.createUser(request)).isEqualTo(made);
        assertThatCall(() -> users.createUser(
                        request.toBuilder().setPassword("another Passw0rd").build()))
                .fails(Code.INVALID_ARGUMENT, "KEY_REUSED");
        var plain = Repeat.of(request).hash().toString();
        assertThat(Sql.read(
                        postgres.database(),
                        "SELECT encode(request_hash, 'hex') FROM idempotency_key WHERE key = '" + key + "'"))
                .hasSize(1)
                .doesNotContain(plain);
    }

    @Test
    void dryRunMakesNobody() {
        var users = RunningIdentity.with(identity.users(people.admin()), Headers.VALIDATE_ONLY, "true");
        var request = People.enrolment().build();
        users.createUser(request);
        assertThat(identity.users(people.admin())
                        .listUsers(ListUsersRequest.newBuilder()
                                .setEmailPrefix(request.getEmail())
                                .build())
                        .getUsersList())
                .isEmpty();
    }

    @Test
    void clientSeesHimselfAndNobodyElse() {
        var user = people.made(Role.ROLE_CLIENT);
        var other = people.made(Role.ROLE_CLIENT);
        var users = identity.users(people.token(user));
        assertThat(get(users, user.getId())).isEqualTo(user);
        assertThatCall(() -> get(users, other.getId())).fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> get(users, 999_999_999)).fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> users.listUsers(ListUsersRequest.getDefaultInstance()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("organization_id");
        assertThat(get(identity.users(people.token(Role.ROLE_EMPLOYEE)), other.getId()))
                .isEqualTo(other);
    }

    @Test
    void listsByRoleStatusAndBeginningOfTheEmailPageByPage() {
        var prefix = "list_%s.".formatted(UUID.randomUUID().toString().substring(0, 8));
        var made = new ArrayList<User>();
        for (var i = 0; i < 5; i++) {
            made.addFirst(identity.users(people.admin())
                    .createUser(People.enrolment()
                            .setEmail(prefix + i + "@example.org")
                            .build()));
        }
        var users = identity.users(people.token(Role.ROLE_EMPLOYEE));
        var request = ListUsersRequest.newBuilder()
                .setRole(Role.ROLE_CLIENT)
                .setStatus(UserStatus.USER_STATUS_ACTIVE)
                .setEmailPrefix(prefix.toUpperCase())
                .setPageSize(2)
                .build();
        var listed = new ArrayList<User>();
        var page = users.listUsers(request);
        listed.addAll(page.getUsersList());
        while (!page.getNextPageToken().isEmpty()) {
            page = users.listUsers(
                    request.toBuilder().setPageToken(page.getNextPageToken()).build());
            assertThat(page.getUsersCount()).isBetween(1, 2);
            listed.addAll(page.getUsersList());
        }
        assertThat(listed).isEqualTo(made);
        assertThat(users.listUsers(request.toBuilder().setRole(Role.ROLE_ADMIN).build())
                        .getUsersList())
                .isEmpty();
        // An underscore stands for itself.
        assertThat(users.listUsers(request.toBuilder()
                                .setEmailPrefix(prefix.replace('_', 'x'))
                                .build())
                        .getUsersList())
                .isEmpty();
    }

    @Test
    void changesWhatTheMaskNamesAndNothingElse() throws SQLException {
        var user = people.made(Role.ROLE_CLIENT);
        var users = identity.users(people.token(Role.ROLE_EMPLOYEE));
        var changed = users.updateUser(UpdateUserRequest.newBuilder()
                .setId(user.getId())
                .setFirstName(" Иван ")
                .setLastName("Петров")
                .setBirthday(Date.newBuilder().setYear(1990).setMonth(12).setDay(31))
                .setSex(Sex.SEX_MALE)
                .setAddress("Москва,\nАрбат, 1")
                .setPhoneNumber("+79161234567")
                .setTaxNumber("500100732259")
                .setFinancialPosition(FinancialPosition.FINANCIAL_POSITION_WATCHED)
                .build());
        assertThat(changed)
                .isEqualTo(user.toBuilder()
                        .setFirstName("Иван")
                        .setLastName("Петров")
                        .setBirthday(
                                Date.newBuilder().setYear(1990).setMonth(12).setDay(31))
                        .setSex(Sex.SEX_MALE)
                        .setAddress("Москва,\nАрбат, 1")
                        .setPhoneNumber("+79161234567")
                        .setTaxNumber("500100732259")
                        .setFinancialPosition(FinancialPosition.FINANCIAL_POSITION_WATCHED)
                        .setEtag("2")
                        .build());

        var cleared = users.updateUser(UpdateUserRequest.newBuilder()
                .setId(user.getId())
                .setLastName("not looked at")
                .setUpdateMask(FieldMask.newBuilder().addPaths("birthday").addPaths("tax_number"))
                .build());
        assertThat(cleared)
                .isEqualTo(changed.toBuilder()
                        .clearBirthday()
                        .clearTaxNumber()
                        .setEtag("3")
                        .build());
        assertThat(audited(user, "USER_UPDATED")).last().isEqualTo("birthday, tax_number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "email", "role", "financialPosition"})
    void refusesMasksThatNameNothingToChange(String path) {
        var user = people.made(Role.ROLE_CLIENT);
        var mask = FieldMask.newBuilder();
        if (!path.isEmpty()) {
            mask.addPaths(path);
        }
        assertThatCall(() -> identity.users(people.admin())
                        .updateUser(UpdateUserRequest.newBuilder()
                                .setId(user.getId())
                                .setUpdateMask(mask)
                                .build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("update_mask");
    }

    @Test
    void refusesTaxNumbersWhoseCheckDigitsDoNotHold() {
        var user = people.made(Role.ROLE_CLIENT);
        assertThatCall(() -> identity.users(people.token(user))
                        .updateUser(UpdateUserRequest.newBuilder()
                                .setId(user.getId())
                                .setTaxNumber("500100732258")
                                .build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("tax_number");
    }

    @Test
    void refusesAChangeMadeOnOldKnowledge() {
        var user = people.made(Role.ROLE_CLIENT);
        var users = identity.users(people.token(user));
        var request = UpdateUserRequest.newBuilder()
                .setId(user.getId())
                .setAddress("Тверь")
                .build();
        var old = RunningIdentity.with(users, Headers.IF_MATCH, "\"1\"");
        assertThat(old.updateUser(request).getEtag()).isEqualTo("2");
        assertThatCall(() -> old.updateUser(request)).fails(Code.ABORTED, "ETAG_MISMATCH");
    }

    @ParameterizedTest
    @CsvSource({"UNVERIFIED, true", "REJECTED, true", "PENDING, false", "VERIFIED, false"})
    void clientChangesHisIdentityUntilItIsBeingVerified(String verification, boolean may) throws SQLException {
        var user = people.made(Role.ROLE_CLIENT);
        Sql.update(
                postgres.database(),
                "UPDATE bank_user SET verification = '%s' WHERE id = %d".formatted(verification, user.getId()));
        var users = identity.users(people.token(user));
        users.updateUser(UpdateUserRequest.newBuilder()
                .setId(user.getId())
                .setAddress("Тверь")
                .setPhoneNumber("+79161234567")
                .build());
        for (var path : List.of("first_name", "last_name", "middle_name", "birthday", "sex", "tax_number")) {
            var request = UpdateUserRequest.newBuilder()
                    .setId(user.getId())
                    .setUpdateMask(FieldMask.newBuilder().addPaths(path))
                    .build();
            if (may) {
                users.updateUser(request);
            } else {
                assertThatCall(() -> users.updateUser(request)).fails(Code.FAILED_PRECONDITION, "IDENTITY_VERIFIED");
            }
        }
    }

    @Test
    void nobodyButStaffSetsAFinancialPosition() {
        var user = people.made(Role.ROLE_CLIENT);
        var request = UpdateUserRequest.newBuilder()
                .setId(user.getId())
                .setFinancialPosition(FinancialPosition.FINANCIAL_POSITION_STABLE)
                .build();
        assertThatCall(() -> identity.users(people.token(user)).updateUser(request))
                .fails(Code.PERMISSION_DENIED, "FIELD_FORBIDDEN");
        assertThat(identity.users(people.token(Role.ROLE_EMPLOYEE))
                        .updateUser(request)
                        .getFinancialPosition())
                .isEqualTo(FinancialPosition.FINANCIAL_POSITION_STABLE);
    }

    @Test
    void employeesChangeAndBlockClientsOnly() {
        var employee = identity.users(people.token(Role.ROLE_EMPLOYEE));
        var other = people.made(Role.ROLE_EMPLOYEE);
        assertThatCall(() -> employee.updateUser(UpdateUserRequest.newBuilder()
                        .setId(other.getId())
                        .setAddress("Тверь")
                        .build()))
                .fails(Code.PERMISSION_DENIED, "USER_FORBIDDEN");
        assertThatCall(() -> employee.deactivateUser(blocking(other))).fails(Code.PERMISSION_DENIED, "USER_FORBIDDEN");
        assertThatCall(() -> employee.activateUser(activating(other))).fails(Code.PERMISSION_DENIED, "USER_FORBIDDEN");
        var client = people.made(Role.ROLE_CLIENT);
        assertThat(employee.deactivateUser(blocking(client)).getStatus()).isEqualTo(UserStatus.USER_STATUS_BLOCKED);
    }

    @Test
    void anotherRoleEndsSessions() throws SQLException {
        var user = people.made(Role.ROLE_CLIENT);
        var tokens = people.signedIn(user);
        var users = identity.users(people.admin());
        assertThat(users.setUserRole(role(user, Role.ROLE_CLIENT)).getEtag()).isEqualTo("1");
        var renewed = people.refreshed(tokens);
        assertThat(users.setUserRole(role(user, Role.ROLE_EMPLOYEE)).getRole()).isEqualTo(Role.ROLE_EMPLOYEE);
        assertThatCall(() -> people.refreshed(renewed)).fails(Code.UNAUTHENTICATED, "INVALID_REFRESH_TOKEN");
        assertThat(identity.users(people.token(user))
                        .getMe(GetMeRequest.getDefaultInstance())
                        .getRightsList())
                .contains("documents:process");
        assertThat(audited(user, "USER_ROLE_CHANGED")).containsExactly("client to employee");
    }

    @Test
    void rolesAreGivenByAdministratorsAlone() {
        var user = people.made(Role.ROLE_CLIENT);
        for (var role : List.of(Role.ROLE_CLIENT, Role.ROLE_EMPLOYEE)) {
            assertThatCall(() -> identity.users(people.token(role)).setUserRole(role(user, Role.ROLE_ADMIN)))
                    .fails(Code.PERMISSION_DENIED, "ROLE_MISSING");
        }
    }

    @Test
    void twoAdministratorsWhoTakeEachOthersRightsLeaveOne()
            throws SQLException, InterruptedException, ExecutionException {
        var pair = List.of(people.made(Role.ROLE_ADMIN), people.made(Role.ROLE_ADMIN));
        var tokens = pair.stream().map(people::token).toList();
        // Nobody else is left, as if the bank had these two.
        var others = Sql.read(
                postgres.database(),
                "UPDATE bank_user SET role = 'EMPLOYEE' WHERE role = 'ADMIN' AND id NOT IN (%d, %d) RETURNING id"
                        .formatted(pair.get(0).getId(), pair.get(1).getId()));
        try {
            for (var round = 0; round < 5; round++) {
                var outcomes = Reasons.together(List.of(
                        () -> identity.users(tokens.get(0)).setUserRole(role(pair.get(1), Role.ROLE_CLIENT)),
                        () -> identity.users(tokens.get(1)).deactivateUser(blocking(pair.get(0)))));
                // Who comes second is no administrator any more.
                assertThat(outcomes).containsExactlyInAnyOrder(Reasons.NONE, "TOKEN_INVALID");
                assertThat(Sql.read(
                                postgres.database(),
                                "SELECT id FROM bank_user WHERE role = 'ADMIN' AND status = 'ACTIVE'"))
                        .hasSize(1);
                for (var user : pair) {
                    Sql.update(
                            postgres.database(),
                            "UPDATE bank_user SET role = 'ADMIN', status = 'ACTIVE' WHERE id = " + user.getId());
                    Sql.update(
                            postgres.database(), "UPDATE session SET ended_at = NULL WHERE user_id = " + user.getId());
                }
            }
        } finally {
            Sql.update(
                    postgres.database(),
                    "UPDATE bank_user SET role = 'ADMIN' WHERE id IN (%s)".formatted(String.join(", ", others)));
        }
    }

    @Test
    void blockingEndsSessionsAtOnceAndActivatingLetsSignInAgain() throws SQLException {
        var user = people.made(Role.ROLE_CLIENT);
        var tokens = people.signedIn(user);
        var users = identity.users(people.token(Role.ROLE_EMPLOYEE));
        var blocked = users.deactivateUser(blocking(user));
        assertThat(blocked.getStatus()).isEqualTo(UserStatus.USER_STATUS_BLOCKED);
        assertThat(blocked.getStatusReason()).isEqualTo("Утеряна карта");
        assertThatCall(() -> people.refreshed(tokens)).fails(Code.UNAUTHENTICATED, "INVALID_REFRESH_TOKEN");
        assertThatCall(() -> people.signedIn(user)).fails(Code.UNAUTHENTICATED, "ACCOUNT_BLOCKED");
        assertThat(users.deactivateUser(blocking(user))).isEqualTo(blocked);

        var active = users.activateUser(activating(user));
        assertThat(active.getStatus()).isEqualTo(UserStatus.USER_STATUS_ACTIVE);
        assertThat(active.hasStatusReason()).isFalse();
        assertThat(users.activateUser(activating(user))).isEqualTo(active);
        assertThat(people.token(user)).isNotEmpty();
        assertThat(audited(user, "USER_STATUS_CHANGED"))
                .containsExactly("active to blocked: Утеряна карта", "blocked to active");
    }

    @Test
    void theDeadStayDead() throws SQLException {
        var user = people.made(Role.ROLE_CLIENT);
        Sql.update(postgres.database(), "UPDATE bank_user SET status = 'DECEASED' WHERE id = " + user.getId());
        var users = identity.users(people.admin());
        assertThatCall(() -> users.activateUser(activating(user)))
                .fails(Code.FAILED_PRECONDITION, "ILLEGAL_STATUS_CHANGE");
        assertThatCall(() -> users.deactivateUser(blocking(user)))
                .fails(Code.FAILED_PRECONDITION, "ILLEGAL_STATUS_CHANGE");
    }

    private static List<String> audited(User user, String type) throws SQLException {
        return Sql.read(
                postgres.database(),
                "SELECT detail FROM audit_event WHERE subject = 'user:%d' AND type = '%s' ORDER BY number"
                        .formatted(user.getId(), type));
    }

    private static User get(UserServiceBlockingStub users, long id) {
        return users.getUser(GetUserRequest.newBuilder().setId(id).build());
    }

    private static SetUserRoleRequest role(User user, Role role) {
        return SetUserRoleRequest.newBuilder().setId(user.getId()).setRole(role).build();
    }

    private static DeactivateUserRequest blocking(User user) {
        return DeactivateUserRequest.newBuilder()
                .setId(user.getId())
                .setReason("Утеряна карта")
                .build();
    }

    private static ActivateUserRequest activating(User user) {
        return ActivateUserRequest.newBuilder().setId(user.getId()).build();
    }
}
